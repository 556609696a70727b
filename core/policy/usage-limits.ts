import { allow, deny, type Verdict } from "./decision.ts";
import type { ResolvedLimits } from "./limits.ts";

/** A slot frees when a running call ends; nobody knows when, so the hint is one short wait. */
const CONCURRENCY_RETRY_MS = 1_000;

export interface ConcurrencyFacts {
  readonly limits: Pick<ResolvedLimits, "concurrency">;
  /** Calls of this install that are executing now. */
  readonly inFlight: number;
}

export function concurrencyAllows({ limits, inFlight }: ConcurrencyFacts): Verdict {
  const { value, source } = limits.concurrency;
  return inFlight < value
    ? allow("concurrency", `${inFlight} of ${value} calls are running.`, source)
    : deny(
        "concurrency",
        "concurrency_exceeded",
        `All ${value} slots are running.`,
        source,
        CONCURRENCY_RETRY_MS,
      );
}

export interface QuotaFacts {
  readonly limits: Pick<ResolvedLimits, "egress_bytes_per_minute">;
  /** Egress of this install in the current minute, both directions. */
  readonly egressBytes: number;
  /** Until the current window ends. */
  readonly windowEndsInMs: number;
}

/** Judged before the call: what one call may still use is the runner's to enforce. */
export function quotaAllows({ limits, egressBytes, windowEndsInMs }: QuotaFacts): Verdict {
  const { value, source } = limits.egress_bytes_per_minute;
  // A budget of 0 forbids egress itself, not calls that need none.
  return value === 0 || egressBytes < value
    ? allow("quota", `Egress ${egressBytes} of ${value} bytes this minute.`, source)
    : deny(
        "quota",
        "quota_exceeded",
        `Egress of ${value} bytes a minute is used up.`,
        source,
        windowEndsInMs,
      );
}
