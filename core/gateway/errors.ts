import { WorkbenchError } from "../contract/errors.ts";
import type { GatewayErrorCode } from "../contract/gateway-errors.ts";
import { type Denial, deny } from "../policy/index.ts";

/** A call that a rule refused or that failed; thrown inside the gateway, answered at its edge. */
export class GatewayError extends WorkbenchError<GatewayErrorCode> {
  readonly denial: Denial;

  constructor(denial: Denial, cause?: unknown) {
    super({ code: denial.code, kind: "refused", message: safeMessage(denial), cause });
    this.denial = denial;
  }

  /** A defect or an outage of ours. */
  static internal(detail: string, cause?: unknown): GatewayError {
    return new GatewayError(deny("execute", "internal", detail, "workbench"), cause);
  }
}

/**
 * What the caller may read. Refusals are the policy's own words. A failure of the extension or of ours is told in
 * general words only: its detail stays in the trace, for the developer.
 */
function safeMessage(denial: Denial): string {
  return GENERAL_MESSAGES[denial.code] ?? (IN_OWN_WORDS.has(denial.code) ? denial.detail : UNVERIFIED);
}

const UNVERIFIED = "The extension's bundle did not pass verification.";

const IN_OWN_WORDS: ReadonlySet<string> = new Set<GatewayErrorCode>([
  "malformed_request",
  "method_not_allowed",
  "unauthenticated",
  "tenant_mismatch",
  "forbidden",
  "extension_not_installed",
  "endpoint_not_found",
  "request_too_large",
  "idempotency_conflict",
  "idempotency_in_progress",
  "rate_limited",
  "concurrency_exceeded",
  "quota_exceeded",
  "response_too_large",
]);

const GENERAL_MESSAGES: Partial<Record<GatewayErrorCode, string>> = {
  capability_denied: "The extension used a capability that it was not granted.",
  bad_handler: "The extension's handler failed or answered outside its contract.",
  runner_unavailable: "The extension runner cannot be reached.",
  memory_limit: "The extension used more memory than it may.",
  bundle_unavailable: "The extension's bundle could not be loaded.",
  internal: "The call failed inside the workbench.",
  timeout: "The extension did not answer in time.",
  fuel_exhausted: "The extension used more fuel than it may.",
};
