import type { Header } from "../contract/execute.ts";
import { gatewayStatus } from "../contract/gateway-errors.ts";
import { METHODS } from "../policy/index.ts";
import type { GatewayResult } from "./call.ts";
import type { GatewayError } from "./errors.ts";

const MS_PER_SECOND = 1_000;

/**
 * On every answer of the gateway. An extension's HTML must never act as a page of the origin that the gateway shares
 * with the window, and nobody may guess types.
 */
const GUARD_HEADERS: readonly Header[] = [
  { name: "content-security-policy", value: "default-src 'none'; frame-ancestors 'none'; sandbox" },
  { name: "x-content-type-options", value: "nosniff" },
  { name: "referrer-policy", value: "no-referrer" },
];

/** @param isUnsigned the install runs an unverified bundle, which every answer must show */
export function commonHeaders(requestId: string, isUnsigned: boolean): Header[] {
  return [
    { name: "x-request-id", value: requestId },
    ...GUARD_HEADERS,
    ...(isUnsigned ? [{ name: "x-workbench-unsigned", value: "true" }] : []),
  ];
}

/** `{"error": {code, message}, "request_id"}` with the status of the code. */
export function errorAnswer(
  error: GatewayError,
  requestId: string,
  isUnsigned: boolean,
): Required<Pick<GatewayResult, "status" | "headers" | "body" | "error">> {
  const { code, message, denial } = error;
  const status = gatewayStatus(code);
  const headers: Header[] = [
    { name: "content-type", value: "application/json" },
    { name: "cache-control", value: "no-store" },
    ...commonHeaders(requestId, isUnsigned),
  ];
  if (status === 401) headers.push({ name: "www-authenticate", value: "Bearer" });
  if (status === 405) headers.push({ name: "allow", value: METHODS.join(", ") });
  if (status === 429) {
    const seconds = Math.max(1, Math.ceil((denial.retry_after_ms ?? 0) / MS_PER_SECOND));
    headers.push({ name: "retry-after", value: String(seconds) });
  }
  const body = Buffer.from(JSON.stringify({ error: { code, message }, request_id: requestId }));
  return { status, headers, body, error: { code, message } };
}
