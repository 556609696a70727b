import { validateHeaderName, validateHeaderValue } from "node:http";
import type { Header } from "../../contract/execute.ts";
import { DEFAULT_HEADER_BYTES } from "../../contract/limits.ts";
import { EgressError } from "./errors.ts";

/**
 * Headers that frame the message or pick another virtual host than the one that was judged.
 * They are dropped, as browsers drop them, because client libraries set some of them unasked.
 */
const DROPPED = new Set([
  "host",
  "connection",
  "content-length",
  "expect",
  "keep-alive",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

const METHODS = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/** Flat `[name, value, …]`, as node:http takes them, duplicates kept. @throws EgressError `not_allowed`. */
export function outgoingHeaders(headers: readonly Header[]): string[] {
  let bytes = 0;
  return headers.flatMap(({ name, value }) => {
    try {
      validateHeaderName(name);
      validateHeaderValue(name, value);
    } catch {
      throw new EgressError({
        code: "not_allowed",
        rule: "request",
        message: "a request header is malformed",
      });
    }
    bytes += name.length + value.length;
    if (bytes > DEFAULT_HEADER_BYTES)
      throw new EgressError({
        code: "not_allowed",
        rule: "request",
        message: `the request headers are over ${DEFAULT_HEADER_BYTES} bytes`,
      });
    const lower = name.toLowerCase();
    return DROPPED.has(lower) || lower.startsWith("proxy-") ? [] : [name, value];
  });
}

/** @throws EgressError `not_allowed` for CONNECT, TRACE and whatever is not a method. */
export function outgoingMethod(method: string): string {
  const upper = method.toUpperCase();
  if (METHODS.has(upper)) return upper;
  throw new EgressError({
    code: "not_allowed",
    rule: "request",
    message: "the request method is not allowed",
  });
}

export function incomingHeaders(rawHeaders: readonly string[]): Header[] {
  const headers: Header[] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    headers.push({ name: rawHeaders[index] ?? "", value: rawHeaders[index + 1] ?? "" });
  }
  return headers;
}
