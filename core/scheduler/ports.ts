import type { InstalledExtension } from "../contract/install.ts";
import type { Clock } from "../platform/clock.ts";
import type { Ids } from "../platform/ids.ts";
import type { Logger } from "../platform/logger.ts";
import type { CallAsSystem } from "../platform/system-call.ts";
import type { Timers } from "../platform/timers.ts";
import type { Database } from "../store/index.ts";

export interface SchedulerPorts {
  readonly database: Database;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly timers: Timers;
  readonly logger: Logger;
  readonly installs: { find(installId: string): InstalledExtension | undefined };
  readonly call: CallAsSystem;
}
