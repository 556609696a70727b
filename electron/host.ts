import type { HostAddress } from "../core/contract/host-address.ts";
import type { SecretBox } from "../core/platform/secret-box.ts";

/** A host that runs, and the way to end it. */
export interface RunningHost extends HostAddress {
  /** Ends executions, closes the runner and the database. */
  stop(): Promise<void>;
}

/**
 * What the shell needs of the core: one function that brings everything up.
 * `box` seals keys and secrets at rest; `undefined`: the host's own key file.
 */
export type StartHost = (box: SecretBox | undefined) => Promise<RunningHost>;
