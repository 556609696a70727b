import { MAX_BODY_BYTES, MAX_FUEL, MAX_MEMORY_MB, MAX_QUEUE_WAIT_MS, MAX_TIMEOUT_MS } from "./limits.ts";

/** Every limit by name, with its unit: what the command line reads, the window edits and the policy compares. */

export const WINDOW_METRICS = ["invocations", "cpu_ms", "memory_ms", "fuel", "egress_bytes"] as const;
export type WindowMetric = (typeof WINDOW_METRICS)[number];
/** Periods of the clock, UTC; a month is a calendar month. */
export const WINDOW_PERIODS = ["minute", "hour", "day", "month"] as const;
export type WindowPeriod = (typeof WINDOW_PERIODS)[number];

export type CallLimitName =
  | "timeout_ms"
  | "memory_mb"
  | "fuel"
  | "request_body_bytes"
  | "response_body_bytes"
  | "header_bytes"
  | "concurrency"
  | "queue_wait_ms"
  | "rate_per_minute"
  | "rate_burst";
export type WindowLimitName = `${WindowMetric}_per_${WindowPeriod}`;
export type LimitName = CallLimitName | WindowLimitName;

/** `mib_ms`: mebibytes of peak memory times milliseconds. */
export type LimitUnit = "ms" | "mib" | "bytes" | "fuel" | "calls" | "calls_per_minute" | "mib_ms";

export interface LimitDefinition<Name extends LimitName = LimitName> {
  readonly name: Name;
  readonly label: string;
  readonly unit: LimitUnit;
  readonly minimum: 0 | 1;
  readonly maximum: number;
  /** Set for what is counted over a window of the clock. */
  readonly window?: { readonly metric: WindowMetric; readonly period: WindowPeriod };
}

function call(
  name: CallLimitName,
  label: string,
  unit: LimitUnit,
  maximum: number = Number.MAX_SAFE_INTEGER,
): LimitDefinition<CallLimitName> {
  return { name, label, unit, minimum: name === "queue_wait_ms" ? 0 : 1, maximum };
}

/** Limits of every call; each has a default. In the order in which a call meets them. */
export const CALL_LIMITS: readonly LimitDefinition<CallLimitName>[] = [
  call("header_bytes", "Request headers", "bytes"),
  call("request_body_bytes", "Request body", "bytes", MAX_BODY_BYTES),
  call("rate_per_minute", "Rate", "calls_per_minute"),
  call("rate_burst", "Burst", "calls"),
  call("concurrency", "Calls at once", "calls"),
  call("queue_wait_ms", "Wait for a slot", "ms", MAX_QUEUE_WAIT_MS),
  call("timeout_ms", "Deadline", "ms", MAX_TIMEOUT_MS),
  call("fuel", "Fuel a call", "fuel", MAX_FUEL),
  call("memory_mb", "Memory", "mib", MAX_MEMORY_MB),
  call("response_body_bytes", "Response body", "bytes", MAX_BODY_BYTES),
];

const METRICS: Record<WindowMetric, { readonly label: string; readonly unit: LimitUnit }> = {
  invocations: { label: "Invocations", unit: "calls" },
  cpu_ms: { label: "CPU time", unit: "ms" },
  memory_ms: { label: "Memory time", unit: "mib_ms" },
  fuel: { label: "Fuel", unit: "fuel" },
  egress_bytes: { label: "Egress", unit: "bytes" },
};

/** `an hour`, `a day`. */
export function everyPeriod(period: WindowPeriod): string {
  return `${period === "hour" ? "an" : "a"} ${period}`;
}

/** Quotas over windows; absent ones limit nothing, except egress a minute, which has a default. */
export const WINDOW_LIMITS: readonly LimitDefinition<WindowLimitName>[] = WINDOW_METRICS.flatMap((metric) =>
  WINDOW_PERIODS.map((period) => ({
    name: `${metric}_per_${period}` as const,
    label: `${METRICS[metric].label} ${everyPeriod(period)}`,
    unit: METRICS[metric].unit,
    // No egress at all is a sensible wish; an extension that may never run is one that is disabled.
    minimum: metric === "egress_bytes" ? (0 as const) : (1 as const),
    maximum: Number.MAX_SAFE_INTEGER,
    window: { metric, period },
  })),
);

const BY_NAME: ReadonlyMap<string, LimitDefinition> = new Map(
  [...CALL_LIMITS, ...WINDOW_LIMITS].map((definition) => [definition.name, definition]),
);

export function limitDefinition(name: string): LimitDefinition | undefined {
  return BY_NAME.get(name);
}

export function isLimitName(name: string): name is LimitName {
  return BY_NAME.has(name);
}

export const LIMIT_NAMES: readonly LimitName[] = [...CALL_LIMITS, ...WINDOW_LIMITS].map(({ name }) => name);
