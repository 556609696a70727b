import type { User } from "../../contract/execute.ts";
import type { LogLevel } from "../../contract/log-event.ts";

/** What the guest's worker is handed for one execution, so that these calls need no round trip. */
export interface GuestScope {
  readonly context: {
    readonly request_id: string;
    readonly tenant_id: string;
    readonly extension_id: string;
    readonly install_id: string;
    readonly version_id: string;
  };
  readonly user: User | undefined;
  log(level: LogLevel, message: string): void;
}
