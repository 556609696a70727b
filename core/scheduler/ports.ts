import type { InstalledExtension } from "../contract/install.ts";
import type { ScheduleRun } from "../contract/schedule.ts";
import type { Clock } from "../platform/clock.ts";
import type { Ids } from "../platform/ids.ts";
import type { Logger } from "../platform/logger.ts";
import type { CallAsSystem } from "../platform/system-call.ts";
import type { Timers } from "../platform/timers.ts";
import type { Database } from "../store/index.ts";

/** Told of what this process runs; must be quick and not throw. */
export interface ScheduleObserver {
  /** @param run.lateMs after it was due; not told of runs by hand */
  began(run: { readonly extension: string; readonly lateMs: number }): void;
  /** It ended, or an occurrence was not run. */
  ended(run: {
    readonly extension: string;
    readonly trigger: ScheduleRun["trigger"];
    readonly outcome: Exclude<ScheduleRun["outcome"], "running">;
  }): void;
}

export interface SchedulerPorts {
  readonly database: Database;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly timers: Timers;
  readonly logger: Logger;
  readonly installs: { find(installId: string): InstalledExtension | undefined };
  readonly call: CallAsSystem;
}
