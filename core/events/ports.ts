import type { InstalledExtension } from "../contract/install.ts";
import type { Clock } from "../platform/clock.ts";
import type { Ids } from "../platform/ids.ts";
import type { Logger } from "../platform/logger.ts";
import type { CallAsSystem } from "../platform/system-call.ts";
import type { Timers } from "../platform/timers.ts";
import type { Database } from "../store/index.ts";

export interface Subscriber {
  readonly install_id: string;
  readonly handler: string;
}

/** Told of what this process publishes and delivers; must be quick and not throw. */
export interface EventObserver {
  published(): void;
  /** `retried` is tried again, `dead` given up; `interrupted` is made again by the next host and does not count. */
  attempted(attempt: {
    readonly extension: string;
    readonly outcome: "delivered" | "retried" | "dead" | "interrupted";
  }): void;
}

export interface EventPorts {
  readonly database: Database;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly timers: Timers;
  readonly logger: Logger;
  /** From 0 to 1. */
  random(): number;
  readonly installs: {
    find(installId: string): InstalledExtension | undefined;
    /** Enabled installs of the tenant that subscribe to the topic, once for each handler. */
    subscribers(tenantId: string, topic: string): readonly Subscriber[];
  };
  readonly call: CallAsSystem;
}
