import type { Header } from "../contract/execute.ts";
import type { Caller } from "./caller.ts";
import { allow, deny, type Verdict } from "./decision.ts";
import { headerValues } from "./request-headers.ts";

/** Requests that may change something: of these one key means one execution. */
const WRITES: ReadonlySet<string> = new Set(["POST", "PUT", "PATCH", "DELETE"]);
/** When an earlier request will have ended nobody knows, so the hint is one short wait. */
const IN_PROGRESS_RETRY_MS = 1_000;
export const IDEMPOTENCY_SOURCE = "request:x-idempotency-key";

/**
 * The key that stands for a call; `undefined` for one that is executed each time. The workbench's own calls keep a record
 * of their attempts, and one after a failure is to be executed: their keys are for the handler.
 */
export function idempotencyKey(
  method: string,
  headers: readonly Header[],
  { system }: Pick<Caller, "system">,
): string | undefined {
  if (!WRITES.has(method) || system !== undefined) return undefined;
  return headerValues(headers, "x-idempotency-key")[0];
}

export interface IdempotencyFacts {
  /** What is known of the caller's key for this install. */
  readonly known:
    | { readonly state: "new" }
    /** The call has no key that stands for it. */
    | { readonly state: "no_key" }
    /** Answered, and the answer is kept. */
    | { readonly state: "answered"; readonly executionId: string }
    /** Answered, and the answer was too large to keep. */
    | { readonly state: "not_kept"; readonly executionId: string }
    /** A request of the same key is under way and did not end while this one could wait. */
    | { readonly state: "in_progress" }
    /** Used for another method, path, query, content type or body. */
    | { readonly state: "other_request" };
}

/** One key, one request, one execution. */
export function idempotencyAllows({ known }: IdempotencyFacts): Verdict {
  switch (known.state) {
    case "new":
      return allow("idempotency", "The key is new; the answer will be kept under it.", IDEMPOTENCY_SOURCE);
    case "no_key":
      return allow("idempotency", "Nothing but a write with a key is executed once only.");
    case "answered":
      return allow(
        "idempotency",
        `Answered by execution ${known.executionId}, which is repeated.`,
        IDEMPOTENCY_SOURCE,
      );
    case "not_kept":
      return deny(
        "idempotency",
        "idempotency_conflict",
        "The request was answered, and its answer was too large to keep; it is not executed again.",
        IDEMPOTENCY_SOURCE,
      );
    case "in_progress":
      return deny(
        "idempotency",
        "idempotency_in_progress",
        "A request with the same x-idempotency-key is still under way.",
        IDEMPOTENCY_SOURCE,
        { retryAfterMs: IN_PROGRESS_RETRY_MS },
      );
    case "other_request":
      return deny(
        "idempotency",
        "idempotency_conflict",
        "The x-idempotency-key was used for another request.",
        IDEMPOTENCY_SOURCE,
      );
  }
}
