import { allow, deny, type Verdict } from "./decision.ts";
import type { ResolvedLimits } from "./limits.ts";

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
    /** The sender broke off or the framing was wrong. */
    | { readonly state: "broken" };
}

export function requestSize({ limits, headerBytes, body }: RequestSizeFacts): Verdict {
  const { header_bytes: headerCap, request_body_bytes: bodyCap } = limits;
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
        : allow("request_size", `Body ${body.bytes} of ${bodyCap.value} bytes.`, bodyCap.source);
  }
}
