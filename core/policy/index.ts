export { FORWARDED_HEADERS, forwardHeaders } from "../contract/forwarded-headers.ts";
export { safeCacheControl } from "./cache-control.ts";
export {
  authenticate,
  type Caller,
  type CredentialFacts,
  callerMayUse,
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
export { installUsable, versionValid } from "./installation.ts";
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
  type ResolvedLimits,
  resolveLimits,
} from "./limits.ts";
export { type Bucket, type TokenTake, takeToken } from "./rate.ts";
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
export {
  concurrencyAllows,
  quotaAllows,
} from "./usage-limits.ts";
