export { FORWARDED_HEADERS, forwardHeaders } from "../contract/forwarded-headers.ts";
export { safeCacheControl } from "./cache-control.ts";
export {
  authenticate,
  type Caller,
  type CredentialFacts,
  callerMayUse,
  systemCaller,
  tenantAgrees,
} from "./caller.ts";
export {
  allow,
  type Denial,
  decide,
  deny,
  RULES,
  type Rung,
  type Verdict,
} from "./decision.ts";
export {
  endpointMatches,
  METHODS,
  matchEndpoint,
} from "./endpoint.ts";
export { type CallFacts, type CallUse, explainCall } from "./explanation.ts";
export { type HeadroomRow, headroom, type Measured } from "./headroom.ts";
export { type IdempotencyFacts, idempotencyKey } from "./idempotency.ts";
export { installUsable, versionValid } from "./installation.ts";
export {
  CONCURRENCY_LADDER,
  IDEMPOTENCY_LADDER,
  IDENTITY_LADDER,
  INSTALL_LADDER,
  QUOTA_LADDER,
  RATE_LADDER,
  REQUEST_LADDER,
  RESPONSE_LADDER,
  ROUTE_LADDER,
} from "./ladders.ts";
export {
  type LimitDefaults,
  type LimitHolder,
  type LimitScope,
  type LimitSettings,
  type ProfileLimits,
  type ResolvedLimit,
  type ResolvedLimits,
  resolveLimits,
  type ScopeLimits,
  type WindowLimit,
} from "./limits.ts";
export { judgeProject } from "./project.ts";
export {
  type Bucket,
  type RateStanding,
  rateAllows,
  rateStanding,
  type ScopedTake,
  takeToken,
} from "./rate.ts";
export {
  headerBytes,
  headerValues,
  requestHeaders,
} from "./request-headers.ts";
export { callersRequestId } from "./request-id.ts";
export { MAX_TARGET_BYTES, type RequestPath, requestPath } from "./request-path.ts";
export { ARRIVALS_PER_SLOT, type RequestSizeFacts, requestSize } from "./request-size.ts";
export {
  keptHeaders,
  responseSize,
  responseStatus,
} from "./response.ts";
export { runScenario } from "./scenario.ts";
export {
  type ConcurrencyFacts,
  concurrencyAllows,
  type EgressShare,
  egressShare,
  QUEUED_PER_SLOT,
  type QuotaFacts,
  quotaAllows,
} from "./usage-limits.ts";
