import type { Header } from "../contract/execute.ts";
import { isForwarded } from "../contract/forwarded-headers.ts";
import { allow, deny, type Verdict } from "./decision.ts";

/** Two different values leave it open which one a later hop believes. */
const SINGLE_VALUED: ReadonlySet<string> = new Set([
  "content-length",
  "content-type",
  "x-idempotency-key",
  "x-request-id",
]);
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
/** field-value of RFC 9110: visible characters, spaces, tabs and obs-text. */
const FIELD_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,255}$/;

/** Values of a header in order, compared without case. */
export function headerValues(headers: readonly Header[], name: string): readonly string[] {
  return headers.filter((header) => header.name.toLowerCase() === name).map((header) => header.value);
}

/** Bytes that the headers take: names, values and four bytes of framing each, as on an HTTP/1.1 connection. */
export function headerBytes(headers: readonly Header[]): number {
  return headers.reduce(
    (sum, { name, value }) => sum + Buffer.byteLength(name) + Buffer.byteLength(value) + 4,
    0,
  );
}

/** True for a name and a value that HTTP can carry without changing where the header ends. */
export function isHeaderWellFormed({ name, value }: Header): boolean {
  return TOKEN.test(name) && FIELD_VALUE.test(value);
}

export interface RequestHeaderFacts {
  readonly headers: readonly Header[];
}

export function requestHeaders({ headers }: RequestHeaderFacts): Verdict {
  if (!headers.every(isHeaderWellFormed)) {
    return deny("request_headers", "malformed_request", "A header's name or value is malformed.");
  }
  for (const name of SINGLE_VALUED) {
    if (new Set(headerValues(headers, name)).size > 1) {
      return deny(
        "request_headers",
        "malformed_request",
        `The header ${name} was sent with different values.`,
      );
    }
  }
  if (!headerValues(headers, "transfer-encoding").every((value) => value.toLowerCase() === "chunked")) {
    return deny(
      "request_headers",
      "malformed_request",
      "The body was sent in another transfer-encoding than chunked.",
    );
  }
  const key = headerValues(headers, "x-idempotency-key")[0];
  if (key !== undefined && !IDEMPOTENCY_KEY.test(key)) {
    return deny(
      "request_headers",
      "malformed_request",
      "x-idempotency-key must be 1 to 255 visible ASCII characters.",
    );
  }
  const dropped = headers.filter(({ name }) => !isForwarded(name)).length;
  return allow("request_headers", `Headers forwarded: ${headers.length - dropped}, held back: ${dropped}.`);
}
