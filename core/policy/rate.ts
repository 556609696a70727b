import { allow, deny, type Verdict } from "./decision.ts";
import type { ResolvedLimits } from "./limits.ts";

const MS_PER_MINUTE = 60_000;

/** A token bucket at one moment. */
export interface Bucket {
  readonly tokens: number;
  /** Unix time in milliseconds. */
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

export interface RateFacts {
  readonly limits: Pick<ResolvedLimits, "rate_per_minute" | "rate_burst">;
  readonly take: TokenTake;
}

export function rateAllows({ limits, take }: RateFacts): Verdict {
  const { rate_per_minute: rate, rate_burst: burst } = limits;
  const policy = `${rate.value} calls a minute with bursts of ${burst.value}`;
  return take.allowed
    ? allow("rate", `${Math.floor(take.bucket.tokens)} calls left of ${policy}.`, rate.source)
    : deny("rate", "rate_limited", `More than ${policy}.`, rate.source, take.retry_after_ms);
}
