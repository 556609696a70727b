import { VERIFICATION_CODES, type VerificationCode } from "./verification.ts";

/** Status that the gateway answers with for each code. */
export const GATEWAY_STATUS = {
  malformed_request: 400,
  unauthenticated: 401,
  tenant_mismatch: 403,
  capability_denied: 403,
  forbidden: 403,
  extension_not_installed: 404,
  endpoint_not_found: 404,
  method_not_allowed: 405,
  idempotency_conflict: 409,
  idempotency_in_progress: 409,
  request_too_large: 413,
  rate_limited: 429,
  concurrency_exceeded: 429,
  quota_exceeded: 429,
  response_too_large: 502,
  bad_handler: 502,
  runner_unavailable: 502,
  memory_limit: 502,
  bundle_unavailable: 502,
  signature_invalid: 502,
  internal: 502,
  timeout: 504,
  fuel_exhausted: 504,
} as const satisfies Record<string, number>;

export type GatewayErrorCode = keyof typeof GATEWAY_STATUS | VerificationCode;

/** HTTP status of a gateway error; every verification code is a 502 and nothing else. */
export function gatewayStatus(code: GatewayErrorCode): number {
  return isVerificationCode(code) ? 502 : GATEWAY_STATUS[code];
}

function isVerificationCode(code: GatewayErrorCode): code is VerificationCode {
  const codes: readonly string[] = VERIFICATION_CODES;
  return codes.includes(code);
}
