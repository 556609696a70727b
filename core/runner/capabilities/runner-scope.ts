import type { HostCall } from "../../contract/runner-protocol.ts";
import type { EgressRequest, EgressResponse } from "../egress/egress-guard.ts";

/** A call to the host without its execution, which the scope adds. */
export type ScopedHostCall = HostCall extends infer Call
  ? Call extends { execution_id: string }
    ? Omit<Call, "execution_id">
    : never
  : never;

/** What the runner's main thread offers to the host functions of one execution. */
export interface RunnerScope {
  /** Opens the sealed envelope, at most once. @throws HostRefusal `missing`, `expired` or `internal`. */
  secrets(): ReadonlyMap<string, string>;
  /** @throws HostRefusal with the host's refusal. */
  askHost(call: ScopedHostCall): Promise<unknown>;
  /** Through the egress guard, within the deadline. @throws EgressError. */
  fetch(request: EgressRequest): Promise<EgressResponse>;
}
