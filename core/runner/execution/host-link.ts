import type { HostCall, HostReply } from "../../contract/runner-protocol.ts";

export type HostLinkAnswer =
  | { readonly ok: true; readonly value: unknown }
  | Omit<Extract<HostReply, { ok: false }>, "type" | "id">;

/** The way from the runner back to its host. */
export interface HostLink {
  /** Always resolves; a host that has gone is a refusal `internal`. */
  ask(call: HostCall): Promise<HostLinkAnswer>;
}
