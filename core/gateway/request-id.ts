import type { Ids } from "../platform/ids.ts";
import { callersRequestId, headerValues } from "../policy/index.ts";
import type { GatewayCall } from "./call.ts";

/** The caller's id when that is well-formed, else a new one. */
export function requestIdOf({ headers = [] }: GatewayCall, ids: Pick<Ids, "timeOrdered">): string {
  return callersRequestId(headerValues(headers, "x-request-id")) ?? ids.timeOrdered();
}
