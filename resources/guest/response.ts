import type { ExecuteResponse } from "alga:extension/types";

/**
 * Handlers may leave `headers` out and say `body: null`; the world's record wants a list and an absent option.
 * Anything else is passed on as it is, so that the engine's own binding judges it.
 */
export function completeResponse(given: unknown): ExecuteResponse {
  if (typeof given !== "object" || given === null) {
    throw new TypeError(
      `handler answered ${given === null ? "null" : typeof given}, expected { status, headers?, body? }`,
    );
  }
  const { status, headers, body } = given as Partial<ExecuteResponse>;
  return { status: status as number, headers: headers ?? [], body: body ?? undefined };
}
