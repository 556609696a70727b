export { safeCacheControl } from "./cache-control.ts";
export {
  authenticate,
  type Caller,
  type CallerFacts,
  type CredentialFacts,
  callerMayUse,
  type TenantFacts,
  tenantAgrees,
} from "./caller.ts";
export {
  type Allowance,
  allow,
  type Denial,
  decide,
  deny,
  type Evaluation,
  RULES,
  type Rule,
  type Rung,
  type Verdict,
} from "./decision.ts";
export {
  type EndpointFacts,
  type EndpointMatch,
  endpointMatches,
  METHODS,
  matchEndpoint,
} from "./endpoint.ts";
export { type InstallFacts, installUsable, type VersionFacts, versionValid } from "./installation.ts";
export {
  ADMISSION_LADDER,
  IDENTITY_LADDER,
  INSTALL_LADDER,
  REQUEST_LADDER,
  RESPONSE_LADDER,
  ROUTE_LADDER,
} from "./ladders.ts";
export {
  type LimitDefaults,
  type LimitName,
  type ResolvedLimit,
  type ResolvedLimits,
  resolveLimits,
} from "./limits.ts";
export { type Bucket, type RateFacts, rateAllows, type TokenTake, takeToken } from "./rate.ts";
export {
  FORWARDED_HEADERS,
  forwardHeaders,
  headerBytes,
  headerValues,
  isHeaderWellFormed,
  type RequestHeaderFacts,
  requestHeaders,
} from "./request-headers.ts";
export { MAX_TARGET_BYTES, type RequestPath, requestPath } from "./request-path.ts";
export { type RequestSizeFacts, requestSize } from "./request-size.ts";
export {
  keptHeaders,
  type ResponseFacts,
  responseHeaders,
  responseSize,
  responseStatus,
} from "./response.ts";
export {
  type ConcurrencyFacts,
  concurrencyAllows,
  type QuotaFacts,
  quotaAllows,
} from "./usage-limits.ts";
