import type { HostCallMethod } from "../../contract/host-calls.ts";
import type { EgressRequest, EgressResponse } from "../egress/egress-guard.ts";

/** What the runner's main thread offers to the host functions of one execution. */
export interface RunnerScope {
  /** Opens the sealed envelope, at most once. @throws HostRefusal `missing`, `expired` or `internal`. */
  secrets(): ReadonlyMap<string, string>;
  /** `params` go as the guest gave them: the host judges them. @throws HostRefusal with the host's refusal. */
  askHost(method: HostCallMethod, params: unknown): Promise<unknown>;
  /** A line of the host in the extension's log; holds no secret and no payload. */
  note(message: string): void;
  /** Through the egress guard, within the deadline. @throws EgressError. */
  fetch(request: EgressRequest): Promise<EgressResponse>;
}
