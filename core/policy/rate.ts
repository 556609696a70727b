import { allow, deny, type Verdict } from "./decision.ts";
import type { LimitScope, ResolvedLimit } from "./limits.ts";

const MS_PER_MINUTE = 60_000;

/** A token bucket at one moment. */
export interface Bucket {
  readonly tokens: number;
  /** Milliseconds of a clock that only goes forward; one that does not costs nobody anything. */
  readonly at_ms: number;
}

export interface TokenTake {
  readonly allowed: boolean;
  /** The bucket afterwards; unchanged but refilled when refused. */
  readonly bucket: Bucket;
  /** 0 when allowed. */
  readonly retry_after_ms: number;
}

/**
 * Takes one token. The bucket holds `burst` tokens, starts full and refills evenly at `perMinute`.
 * A clock that goes backwards refills nothing and loses nothing.
 */
export function takeToken(
  bucket: Bucket | undefined,
  policy: { readonly perMinute: number; readonly burst: number },
  nowMs: number,
): TokenTake {
  const perMs = policy.perMinute / MS_PER_MINUTE;
  const elapsed = bucket === undefined ? 0 : Math.max(0, nowMs - bucket.at_ms);
  const tokens = Math.min(policy.burst, (bucket?.tokens ?? policy.burst) + elapsed * perMs);
  return tokens >= 1
    ? { allowed: true, bucket: { tokens: tokens - 1, at_ms: nowMs }, retry_after_ms: 0 }
    : { allowed: false, bucket: { tokens, at_ms: nowMs }, retry_after_ms: Math.ceil((1 - tokens) / perMs) };
}

/** What one scope's bucket says of one call. */
export interface ScopedTake {
  readonly scope: LimitScope;
  readonly perMinute: ResolvedLimit;
  readonly burst: ResolvedLimit;
  readonly take: TokenTake;
}

export interface RateFacts {
  /** The install's first; all must allow. */
  readonly takes: readonly ScopedTake[];
}

export function rateAllows({ takes }: RateFacts): Verdict {
  const budgets = takes.map(({ scope, burst, take }) => ({
    name: "rate_burst",
    scope,
    limit: burst.value,
    // The token of this call included, if it got one.
    used: round(burst.value - take.bucket.tokens),
    remaining: Math.floor(take.bucket.tokens),
  }));
  const refused = takes.find(({ take }) => !take.allowed);
  if (refused !== undefined) {
    return deny("rate", "rate_limited", `More than ${policyOf(refused)}.`, refused.perMinute.source, {
      retryAfterMs: refused.take.retry_after_ms,
      budgets,
    });
  }
  const tightest = tightestOf(takes);
  if (tightest === undefined) return allow("rate", "No rate is limited.");
  const left = Math.floor(tightest.take.bucket.tokens);
  return allow("rate", `${left} calls left of ${policyOf(tightest)}.`, tightest.perMinute.source, budgets);
}

/** What a caller is told in `x-ratelimit-*`: the scope that has least left. */
export interface RateStanding {
  /** Calls that may come at once: the size of the bucket. */
  readonly limit: number;
  /** Calls left now. */
  readonly remaining: number;
  /** Until the bucket is full again. */
  readonly resetMs: number;
}

/** @param refunded the call's token was given back, because a later rule refused it */
export function rateStanding(takes: readonly ScopedTake[], refunded = false): RateStanding | undefined {
  const tightest = takes.find(({ take }) => !take.allowed) ?? tightestOf(takes);
  if (tightest === undefined) return undefined;
  const { take, burst, perMinute } = tightest;
  const tokens = take.bucket.tokens + (refunded && take.allowed ? 1 : 0);
  return {
    limit: burst.value,
    remaining: Math.floor(tokens),
    resetMs: ((burst.value - tokens) / perMinute.value) * MS_PER_MINUTE,
  };
}

function tightestOf(takes: readonly ScopedTake[]): ScopedTake | undefined {
  let least: ScopedTake | undefined;
  for (const entry of takes) {
    if (least === undefined || entry.take.bucket.tokens < least.take.bucket.tokens) least = entry;
  }
  return least;
}

function policyOf({ scope, perMinute, burst }: ScopedTake): string {
  const whose = scope === "install" ? "" : ` of the whole ${scope}`;
  return `${perMinute.value} calls a minute with bursts of ${burst.value}${whose}`;
}

/** Tokens come in fractions; a hundredth is enough for a reader. */
function round(tokens: number): number {
  return Math.round(tokens * 100) / 100;
}
