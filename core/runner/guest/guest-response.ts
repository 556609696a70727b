import type { Header } from "../../contract/execute.ts";
import type { GuestResponse } from "./messages.ts";

/** The world's `execute-response`, if that is what was lifted; its values are the main thread's to judge. */
export function responseOf(answer: unknown): GuestResponse | undefined {
  if (typeof answer !== "object" || answer === null) return undefined;
  const { status, headers, body }: { status?: unknown; headers?: unknown; body?: unknown } = answer;
  if (typeof status !== "number" || !isHeaders(headers)) return undefined;
  return body === undefined || body instanceof Uint8Array ? { status, headers, body } : undefined;
}

function isHeaders(headers: unknown): headers is Header[] {
  return Array.isArray(headers) && headers.every(isHeader);
}

function isHeader(header: unknown): header is Header {
  if (typeof header !== "object" || header === null) return false;
  const { name, value }: { name?: unknown; value?: unknown } = header;
  return typeof name === "string" && typeof value === "string";
}
