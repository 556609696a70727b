import { isLimitName, type LimitName, limitDefinition } from "../../../core/contract/limit-catalogue.ts";
import { limitWords } from "../../../core/contract/limit-units.ts";
import { MIB } from "../../../core/contract/limits.ts";
import type { InstallQuota, TenantQuota, UsagePoint } from "../../../core/contract/rpc/quotas.ts";
import type { QuotaTarget } from "./target.ts";
import { overAMinute } from "./usage-series.ts";

/** How a figure is written, on the axis, in the table and in words. */
export type ChartUnit = "calls" | "ms" | "fuel" | "MiB" | "bytes";

export interface ChartLine {
  readonly label: string;
  /** `null`: there is no figure for that step. */
  readonly values: readonly (number | null)[];
}

export interface UsageChart {
  readonly id: string;
  readonly title: string;
  readonly unit: ChartUnit;
  /** Unix seconds of each value. */
  readonly times: readonly number[];
  readonly lines: readonly ChartLine[];
  readonly limit: { readonly value: number; readonly label: string } | undefined;
}

/** Limits by name that hold for what is drawn; absent ones are not drawn. */
export type DrawnLimits = Readonly<Partial<Record<LimitName, number | undefined>>>;

/** Of an install what is in force for it; of a tenant or an extension what all its installs share. */
export function drawnLimits(
  target: QuotaTarget,
  quota: { readonly install?: InstallQuota | undefined; readonly tenant?: TenantQuota | undefined },
): DrawnLimits {
  if (target.kind === "tenant") return quota.tenant?.shared.limits ?? {};
  if (target.kind === "extension") {
    return quota.install?.shared.find(({ scope }) => scope === "extension")?.limits ?? {};
  }
  const entries = Object.entries(quota.install?.limits ?? {});
  return Object.fromEntries(
    entries.flatMap(([name, { value }]) => (isLimitName(name) ? [[name, value]] : [])),
  );
}

export function usageCharts(points: readonly UsagePoint[], limits: DrawnLimits): UsageChart[] {
  const times = points.map(({ at }) => at);
  const each = (of: (point: UsagePoint) => number | undefined) => points.map((point) => of(point) ?? null);
  /** What a call used is known only of steps in which one ended. */
  const ended = (of: (point: UsagePoint) => number) =>
    each((point) => (point.p50_ms === undefined ? undefined : of(point)));
  const chart = (
    id: string,
    title: string,
    unit: ChartUnit,
    lines: readonly ChartLine[],
    name?: LimitName,
  ): UsageChart => ({ id, title, unit, times, lines, limit: limitOf(limits, name) });
  return [
    chart(
      "rate",
      "Calls in 60 s",
      "calls",
      [{ label: "calls", values: overAMinute(points, ({ calls }) => calls) }],
      "rate_per_minute",
    ),
    chart(
      "concurrency",
      "Calls at once",
      "calls",
      [{ label: "most at once", values: each(({ concurrency }) => concurrency) }],
      "concurrency",
    ),
    chart(
      "duration",
      "Duration",
      "ms",
      [
        { label: "p50", values: each(({ p50_ms }) => p50_ms) },
        { label: "p95", values: each(({ p95_ms }) => p95_ms) },
      ],
      "timeout_ms",
    ),
    chart(
      "fuel",
      "Fuel a call",
      "fuel",
      [{ label: "most a call", values: ended(({ fuel }) => fuel) }],
      "fuel",
    ),
    chart(
      "memory",
      "Memory",
      "MiB",
      [{ label: "most a call", values: ended(({ memory_bytes }) => memory_bytes / MIB) }],
      "memory_mb",
    ),
    chart(
      "egress",
      "Egress in 60 s",
      "bytes",
      [{ label: "both ways", values: overAMinute(points, ({ egress_bytes }) => egress_bytes) }],
      "egress_bytes_per_minute",
    ),
    chart("errors", "Errors and refusals", "calls", [
      { label: "failed", values: each(({ errors }) => errors) },
      { label: "refused", values: each(({ refused }) => refused) },
    ]),
  ];
}

function limitOf(limits: DrawnLimits, name: LimitName | undefined): UsageChart["limit"] {
  const definition = name && limitDefinition(name);
  const value = name && limits[name];
  return definition === undefined || value === undefined
    ? undefined
    : { value, label: `limit ${limitWords(definition, value)}` };
}

const SCALES: Readonly<Record<ChartUnit, readonly (readonly [number, string])[]>> = {
  calls: [[1, ""]],
  ms: [
    [1_000, " s"],
    [1, " ms"],
  ],
  fuel: [
    [1e9, " G"],
    [1e6, " M"],
    [1e3, " k"],
    [1, ""],
  ],
  MiB: [[1, " MiB"]],
  bytes: [
    [1_024 ** 3, " GiB"],
    [1_024 ** 2, " MiB"],
    [1_024, " KiB"],
    [1, " B"],
  ],
};

/** Three significant digits and the unit: for axes and tables. */
export function chartFigure(unit: ChartUnit, value: number): string {
  const [factor, suffix] = SCALES[unit].find(([from]) => Math.abs(value) >= from) ??
    SCALES[unit].at(-1) ?? [1, ""];
  return `${Number((value / factor).toPrecision(3))}${suffix}`;
}

export function unitName(unit: ChartUnit): string {
  return unit === "fuel" ? "units of fuel" : unit;
}
