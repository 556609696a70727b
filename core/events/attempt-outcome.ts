import type { SystemAnswer } from "../platform/system-call.ts";

/** How an attempt ended. */
export interface AttemptEnd {
  readonly status?: number | undefined;
  readonly code?: string | undefined;
  readonly error?: string | undefined;
  readonly execution_id?: string | undefined;
}

/** What another attempt would be told again: nothing but a change of the extension or its install mends it. */
const PERMANENT: ReadonlySet<string> = new Set([
  "handler_not_found",
  "endpoint_not_found",
  "malformed_request",
  "request_too_large",
  "forbidden",
  "capability_denied",
]);

export function endOf({ status, error, execution_id }: SystemAnswer): AttemptEnd {
  const known = { status, execution_id };
  if (error !== undefined) return { ...known, code: error.code, error: error.message };
  if (status >= 200 && status < 300) return known;
  return { ...known, code: "handler_status", error: `The handler answered ${status}.` };
}

export function isDelivered(end: AttemptEnd): boolean {
  return end.code === undefined;
}

export function isPermanent(end: AttemptEnd): boolean {
  return end.code !== undefined && PERMANENT.has(end.code);
}
