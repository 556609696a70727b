import {
  authenticate,
  type CallerFacts,
  type CredentialFacts,
  callerMayUse,
  type TenantFacts,
  tenantAgrees,
} from "./caller.ts";
import type { Rung } from "./decision.ts";
import { type EndpointFacts, endpointMatches } from "./endpoint.ts";
import { type IdempotencyFacts, idempotencyAllows } from "./idempotency.ts";
import { type InstallFacts, installUsable, type VersionFacts, versionValid } from "./installation.ts";
import { type RateFacts, rateAllows } from "./rate.ts";
import { type RequestHeaderFacts, requestHeaders } from "./request-headers.ts";
import { type RequestSizeFacts, requestSize } from "./request-size.ts";
import { type ResponseFacts, responseHeaders, responseSize, responseStatus } from "./response.ts";
import { type ConcurrencyFacts, concurrencyAllows, type QuotaFacts, quotaAllows } from "./usage-limits.ts";

/*
 * The ladder of a call in the pieces in which its facts become known. Read from top to bottom they are the order of
 * decisions; `execute` stands between admission and response.
 */
export const IDENTITY_LADDER: readonly Rung<CredentialFacts & TenantFacts>[] = [authenticate, tenantAgrees];
export const INSTALL_LADDER: readonly Rung<InstallFacts>[] = [installUsable];
export const ROUTE_LADDER: readonly Rung<VersionFacts & EndpointFacts & CallerFacts>[] = [
  versionValid,
  endpointMatches,
  callerMayUse,
];
export const REQUEST_LADDER: readonly Rung<RequestSizeFacts & RequestHeaderFacts>[] = [
  requestSize,
  requestHeaders,
];
/** Asked only of a write that carries a key. */
export const IDEMPOTENCY_LADDER: readonly Rung<IdempotencyFacts>[] = [idempotencyAllows];
/* Asked one at a time: a token is reserved and a slot waited for in between. */
export const RATE_LADDER: readonly Rung<RateFacts>[] = [rateAllows];
export const CONCURRENCY_LADDER: readonly Rung<ConcurrencyFacts>[] = [concurrencyAllows];
export const QUOTA_LADDER: readonly Rung<QuotaFacts>[] = [quotaAllows];
export const RESPONSE_LADDER: readonly Rung<ResponseFacts>[] = [
  responseStatus,
  responseSize,
  responseHeaders,
];
