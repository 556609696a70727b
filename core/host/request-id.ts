import type { MiddlewareHandler } from "hono";
import type { Ids } from "../platform/ids.ts";
import { callersRequestId } from "../policy/index.ts";

export interface RequestIdVariables {
  Variables: { requestId: string };
}

/** Gives every request its id, the caller's when that is well-formed, and names it on the response. */
export function withRequestId(ids: Ids): MiddlewareHandler<RequestIdVariables> {
  return async (context, next) => {
    const given = context.req.header("x-request-id");
    const requestId = callersRequestId(given === undefined ? [] : [given]) ?? ids.uuid();
    context.set("requestId", requestId);
    await next();
    context.header("x-request-id", requestId);
  };
}
