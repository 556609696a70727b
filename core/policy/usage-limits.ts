import { everyPeriod } from "../contract/limit-catalogue.ts";
import { bytesText } from "../contract/limit-units.ts";
import { MIB } from "../contract/limits.ts";
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
    /** Of egress: what calls that still run were given. */
    readonly setAside?: number | undefined;
    /** Until that window ends. */
    readonly endsInMs: number;
  }[];
}

/** Judged before the call: what one call may still use is the runner's to enforce. */
export function quotaAllows({ windows }: QuotaFacts): Verdict {
  const budgets = windows.map((window) => ({
    name: window.limit.name,
    scope: window.scope,
    limit: window.limit.value,
    used: window.used,
    remaining: leftOf(window),
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
    : allow(
        "quota",
        `${figureOf(tightest, tightest.used)} of ${wordsOf(tightest)} used.`,
        tightest.limit.source,
        budgets,
      );
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
  egress_bytes: "of egress",
} as const;

function figureOf({ limit }: Pick<WindowFact, "limit">, value: number): string {
  return limit.metric === "egress_bytes" ? bytesText(value) : String(value);
}

function wordsOf({ limit, scope }: WindowFact): string {
  const whose = scope === "install" ? "" : ` of the whole ${scope}`;
  return `${figureOf({ limit }, limit.value)} ${WORDS[limit.metric]} ${everyPeriod(limit.period)}${whose}`;
}

/** What every free slot is left of the egress, where there is as much, when a call is given the rest. */
export const EGRESS_LEFT_PER_SLOT_BYTES = 1 * MIB;

/** What a call may move, set aside for it until it ends. */
export interface EgressShare {
  readonly bytes: number;
  readonly source: string;
  /** Until there may be more. */
  readonly endsInMs: number;
}

/**
 * What is left of the tightest egress window, less something for each call that may come beside this one: 1 MiB, or an
 * equal part where there is less. What it is not given another call can be, so that all together stay within the quota.
 * @param othersOf calls of the scope that could begin while this one runs
 * @returns `undefined`: egress is not limited
 */
export function egressShare(
  { windows }: QuotaFacts,
  othersOf: (scope: LimitScope) => number,
): EgressShare | undefined {
  let least: EgressShare | undefined;
  for (const window of windows) {
    if (window.limit.metric !== "egress_bytes") continue;
    const left = leftOf(window);
    const others = othersOf(window.scope);
    const bytes = Math.floor(Math.max(left - others * EGRESS_LEFT_PER_SLOT_BYTES, left / (others + 1)));
    if (least !== undefined && bytes >= least.bytes) continue;
    // What others were given and do not use comes back when they end, sooner than the window does.
    const { endsInMs, setAside = 0 } = window;
    least = {
      bytes,
      source: window.limit.source,
      endsInMs: setAside > 0 ? Math.min(CONCURRENCY_RETRY_MS, endsInMs) : endsInMs,
    };
  }
  return least;
}

function leftOf({ limit, used, setAside = 0 }: WindowFact): number {
  return Math.max(0, limit.value - used - setAside);
}
