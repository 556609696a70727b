import { bytesText } from "../contract/limit-units.ts";
import { allow, budgetOf, deny, type Verdict } from "./decision.ts";
import type { ResolvedLimits } from "./limits.ts";

/** A body may arrive at any pace, so the hint is one short wait. */
const ARRIVAL_RETRY_MS = 1_000;
/** Bodies that may arrive at once for each call that may run: they are held in memory before a call gets its slot. */
export const ARRIVALS_PER_SLOT = 4;

export interface RequestSizeFacts {
  readonly limits: Pick<ResolvedLimits, "request_body_bytes" | "header_bytes">;
  /** Names and values of all request headers. */
  readonly headerBytes: number;
  readonly body:
    | { readonly state: "read"; readonly bytes: number }
    /** Cut off: reading stopped as soon as the cap was passed. */
    | { readonly state: "over_cap" }
    /** Named by `content-length`; nothing was read. */
    | { readonly state: "declared_over_cap"; readonly bytes: number }
    /** Nothing was read: so many bodies of this install are arriving already. */
    | { readonly state: "crowded"; readonly arriving: number }
    /** The sender broke off or the framing was wrong. */
    | { readonly state: "broken" };
}

export function requestSize({ limits, headerBytes, body }: RequestSizeFacts): Verdict {
  const { header_bytes: headerCap, request_body_bytes: bodyCap } = limits;
  const bodyBytes = "bytes" in body ? body.bytes : 0;
  const budgets = [
    budgetOf("header_bytes", headerCap.value, headerBytes),
    budgetOf("request_body_bytes", bodyCap.value, bodyBytes),
  ];
  if (headerBytes > headerCap.value) {
    return deny(
      "request_size",
      "request_too_large",
      `The headers are ${headerBytes} bytes, over the cap of ${headerCap.value}.`,
      headerCap.source,
    );
  }
  switch (body.state) {
    case "broken":
      return deny("request_size", "malformed_request", "The request body did not arrive whole.");
    case "crowded":
      return deny(
        "request_size",
        "concurrency_exceeded",
        `${body.arriving} request bodies are arriving already.`,
        "workbench",
        { retryAfterMs: ARRIVAL_RETRY_MS },
      );
    case "declared_over_cap":
      return deny(
        "request_size",
        "request_too_large",
        `The body is declared as ${body.bytes} bytes, over the cap of ${bodyCap.value}.`,
        bodyCap.source,
      );
    case "over_cap":
      return deny(
        "request_size",
        "request_too_large",
        `The body is over the cap of ${bodyCap.value} bytes.`,
        bodyCap.source,
      );
    case "read":
      return body.bytes > bodyCap.value
        ? deny(
            "request_size",
            "request_too_large",
            `The body is ${body.bytes} bytes, over the cap of ${bodyCap.value}.`,
            bodyCap.source,
          )
        : allow(
            "request_size",
            `A body of ${bytesText(body.bytes)}, at most ${bytesText(bodyCap.value)}.`,
            bodyCap.source,
            budgets,
          );
  }
}
