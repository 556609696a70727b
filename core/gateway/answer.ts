import type { Header } from "../contract/execute.ts";
import { gatewayStatus } from "../contract/gateway-errors.ts";
import { METHODS, type RateStanding } from "../policy/index.ts";
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

export interface AnswerFacts {
  readonly requestId: string;
  /** The install runs an unverified bundle, which every answer must show. */
  readonly isUnsigned: boolean;
  /** Known once the call has reached the rate decision. */
  readonly rate: RateStanding | undefined;
}

export function commonHeaders({ requestId, isUnsigned, rate }: AnswerFacts): Header[] {
  return [
    { name: "x-request-id", value: requestId },
    ...GUARD_HEADERS,
    ...(isUnsigned ? [{ name: "x-workbench-unsigned", value: "true" }] : []),
    ...(rate === undefined ? [] : rateHeaders(rate)),
  ];
}

/** The fields of the IETF draft on rate limit headers, with the prefix that clients know; whole seconds. */
function rateHeaders({ limit, remaining, resetMs }: RateStanding): Header[] {
  return [
    { name: "x-ratelimit-limit", value: String(limit) },
    { name: "x-ratelimit-remaining", value: String(remaining) },
    { name: "x-ratelimit-reset", value: String(Math.ceil(resetMs / MS_PER_SECOND)) },
  ];
}

/** `{"error": {code, message}, "request_id"}` with the status of the code. */
export function errorAnswer(
  error: GatewayError,
  facts: AnswerFacts,
): Required<Pick<GatewayResult, "status" | "headers" | "body" | "error">> {
  const { code, message, denial } = error;
  const status = gatewayStatus(code);
  const headers: Header[] = [
    { name: "content-type", value: "application/json" },
    { name: "cache-control", value: "no-store" },
    ...commonHeaders(facts),
  ];
  if (status === 401) headers.push({ name: "www-authenticate", value: "Bearer" });
  if (status === 405) headers.push({ name: "allow", value: ["HEAD", ...METHODS].join(", ") });
  if (status === 429 || denial.retry_after_ms !== undefined) {
    const seconds = Math.max(1, Math.ceil((denial.retry_after_ms ?? 0) / MS_PER_SECOND));
    headers.push({ name: "retry-after", value: String(seconds) });
  }
  const body = Buffer.from(JSON.stringify({ error: { code, message }, request_id: facts.requestId }));
  return { status, headers, body, error: { code, message } };
}
