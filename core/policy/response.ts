import type { Header } from "../contract/execute.ts";
import { bytesText } from "../contract/limit-units.ts";
import { safeCacheControl } from "./cache-control.ts";
import { allow, budgetOf, deny, type Verdict } from "./decision.ts";
import type { ResolvedLimits } from "./limits.ts";
import { headerBytes, isHeaderWellFormed } from "./request-headers.ts";

export interface ResponseFacts {
  readonly limits: Pick<ResolvedLimits, "response_body_bytes" | "header_bytes">;
  readonly status: number;
  readonly headers: readonly Header[];
  /** Decoded length; `undefined` when the body was not base64. */
  readonly bodyBytes: number | undefined;
}

/** A handler may answer with any final status that an HTTP response can carry. */
export function responseStatus({ status }: ResponseFacts): Verdict {
  return Number.isInteger(status) && status >= 200 && status <= 599
    ? allow("response_status", `Status ${status}.`)
    : deny(
        "response_status",
        "bad_handler",
        `The handler answered with the status ${status}, not 200 to 599.`,
      );
}

export function responseSize({ limits, bodyBytes, headers }: ResponseFacts): Verdict {
  const { response_body_bytes: cap, header_bytes: headerCap } = limits;
  if (bodyBytes === undefined) {
    return deny("response_size", "bad_handler", "The response body is not base64.", "runner");
  }
  if (bodyBytes > cap.value) {
    return deny(
      "response_size",
      "response_too_large",
      `The response is ${bodyBytes} bytes, over the cap of ${cap.value}.`,
      cap.source,
    );
  }
  const kept = headerBytes(keptHeaders(headers));
  return kept > headerCap.value
    ? deny(
        "response_size",
        "response_too_large",
        `The response headers are ${kept} bytes, over the cap of ${headerCap.value}.`,
        headerCap.source,
      )
    : allow(
        "response_size",
        `A body of ${bytesText(bodyBytes)}, at most ${bytesText(cap.value)}.`,
        cap.source,
        [budgetOf("response_body_bytes", cap.value, bodyBytes)],
      );
}

export function responseHeaders({ headers }: ResponseFacts): Verdict {
  if (!headers.every(isHeaderWellFormed)) {
    return deny("response_headers", "bad_handler", "The handler answered with a malformed header.");
  }
  const kept = keptHeaders(headers).length;
  return allow("response_headers", `Headers kept: ${kept}, dropped: ${headers.length - kept}.`);
}

/**
 * The headers of a handler's response that reach the caller: `content-type`, a safe `cache-control`, `x-ext-*`.
 * Of a repeated `content-type` or `cache-control` the first counts. Everything else, `set-cookie` and the hop-by-hop
 * headers among it, is dropped.
 */
export function keptHeaders(headers: readonly Header[]): Header[] {
  const kept: Header[] = [];
  const seen = new Set<string>();
  for (const { name: given, value } of headers) {
    const name = given.toLowerCase();
    if (name.startsWith("x-ext-") && name.length > "x-ext-".length) {
      kept.push({ name, value });
    } else if ((name === "content-type" || name === "cache-control") && !seen.has(name)) {
      seen.add(name);
      const safe = name === "content-type" ? value : safeCacheControl(value);
      if (safe !== undefined) kept.push({ name, value: safe });
    }
  }
  return kept;
}
