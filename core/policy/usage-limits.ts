import { allow, deny, type Verdict } from "./decision.ts";
import type { LimitScope, ResolvedLimit, WindowLimit } from "./limits.ts";

/** A slot frees when a running call ends; nobody knows when, so the hint is one short wait. */
const CONCURRENCY_RETRY_MS = 1_000;
/** Calls that may wait for each that may run. */
export const QUEUED_PER_SLOT = 2;

export interface ConcurrencyFacts {
  /** Of every scope that limits concurrency, the install's first; calls that run besides this one. */
  readonly slots: readonly {
    readonly scope: LimitScope;
    readonly limit: ResolvedLimit;
    readonly inFlight: number;
  }[];
  /** `none`: it had not to wait, or may not. */
  readonly queue: "none" | "served" | "full" | "waited_out";
  readonly waitedMs: number;
  /** How many calls wait for this one's answer; see `GatewayCall.depth`. */
  readonly depth?: number | undefined;
}

export function concurrencyAllows({ slots, queue, waitedMs, depth = 0 }: ConcurrencyFacts): Verdict {
  if (depth > 0)
    return allow("concurrency", "The call that waits for this one holds the slot of both.", "default");
  const budgets = slots.map(({ scope, limit, inFlight }) => ({
    name: "concurrency",
    scope,
    limit: limit.value,
    used: inFlight,
    remaining: Math.max(0, limit.value - inFlight),
  }));
  const full = slots.find(({ limit, inFlight }) => inFlight >= limit.value);
  const [first] = slots;
  const binding = full ?? first;
  if (binding === undefined) return allow("concurrency", "No number of calls is limited.");
  const { limit, inFlight, scope } = binding;
  const whose = scope === "install" ? "" : ` of the whole ${scope}`;
  if (full === undefined && queue !== "full" && queue !== "waited_out") {
    const waited = queue === "served" ? ` after ${Math.round(waitedMs)} ms in the queue` : "";
    return allow(
      "concurrency",
      `${inFlight} of ${limit.value} calls${whose} are running${waited}.`,
      limit.source,
      budgets,
    );
  }
  const why =
    queue === "full" ? ", and the queue is full" : queue === "waited_out" ? waitedOut(waitedMs) : "";
  return deny(
    "concurrency",
    "concurrency_exceeded",
    `All ${limit.value} slots${whose} are running${why}.`,
    limit.source,
    { retryAfterMs: CONCURRENCY_RETRY_MS, budgets },
  );
}

function waitedOut(waitedMs: number): string {
  return `, and none was free after ${Math.round(waitedMs)} ms`;
}

export interface QuotaFacts {
  readonly windows: readonly {
    readonly scope: LimitScope;
    readonly limit: WindowLimit;
    /** Used in the window of the moment, by calls that have ended. */
    readonly used: number;
    /** Until that window ends. */
    readonly endsInMs: number;
  }[];
}

/** Judged before the call: what one call may still use is the runner's to enforce. */
export function quotaAllows({ windows }: QuotaFacts): Verdict {
  const budgets = windows.map(({ scope, limit, used }) => ({
    name: limit.name,
    scope,
    limit: limit.value,
    used,
    remaining: Math.max(0, limit.value - used),
  }));
  const usedUp = windows.filter(isUsedUp);
  const [refused] = usedUp;
  if (refused !== undefined) {
    return deny(
      "quota",
      "quota_exceeded",
      `The quota of ${wordsOf(refused)} is used up.`,
      refused.limit.source,
      {
        // Of several the longest: before that the same call would be refused again.
        retryAfterMs: Math.max(...usedUp.map(({ endsInMs }) => endsInMs)),
        budgets,
      },
    );
  }
  const tightest = mostUsed(windows);
  return tightest === undefined
    ? allow("quota", "No quota is set.")
    : allow("quota", `${tightest.used} of ${wordsOf(tightest)} used.`, tightest.limit.source, budgets);
}

type WindowFact = QuotaFacts["windows"][number];

/** A budget of 0 forbids egress itself, not calls that need none. */
function isUsedUp({ limit, used }: WindowFact): boolean {
  return limit.value > 0 && used >= limit.value;
}

function mostUsed(windows: readonly WindowFact[]): WindowFact | undefined {
  let most: WindowFact | undefined;
  for (const window of windows) if (most === undefined || shareOf(window) > shareOf(most)) most = window;
  return most;
}

function shareOf({ limit, used }: WindowFact): number {
  return limit.value === 0 ? 0 : used / limit.value;
}

const WORDS = {
  invocations: "invocations",
  cpu_ms: "ms of CPU time",
  memory_ms: "MiB·ms of memory",
  fuel: "units of fuel",
  egress_bytes: "bytes of egress",
} as const;

function wordsOf({ limit, scope }: WindowFact): string {
  const whose = scope === "install" ? "" : ` of the whole ${scope}`;
  return `${limit.value} ${WORDS[limit.metric]} a ${limit.period}${whose}`;
}

/** What a call may still move before the first of its egress windows is used up. */
export interface EgressLeft {
  readonly bytes: number;
  readonly source: string;
  /** Until there is more. */
  readonly endsInMs: number;
}

/** `undefined`: egress is not limited. */
export function egressLeft({ windows }: QuotaFacts): EgressLeft | undefined {
  let least: EgressLeft | undefined;
  for (const { limit, used, endsInMs } of windows) {
    if (limit.metric !== "egress_bytes") continue;
    const bytes = Math.max(0, limit.value - used);
    if (least === undefined || bytes < least.bytes) least = { bytes, source: limit.source, endsInMs };
  }
  return least;
}
