import { describe, expect, test } from "vitest";
import type { UsageEvent, UsagePoint } from "../../../core/contract/rpc/quotas.ts";
import { chartFigure, drawnLimits, usageCharts } from "../../../renderer/state/quotas/charts.ts";
import { CALM_MS, createUsageSeries, overAMinute } from "../../../renderer/state/quotas/usage-series.ts";
import { createManualTimers } from "../timers.ts";

function point(at: number, change: Partial<UsagePoint> = {}): UsagePoint {
  const nothing = {
    calls: 0,
    errors: 0,
    refused: 0,
    concurrency: 0,
    fuel: 0,
    memory_bytes: 0,
    egress_bytes: 0,
  };
  return { at, ...nothing, ...change };
}

function event(points: readonly UsagePoint[], is_first = false): UsageEvent {
  return { is_first, step_seconds: 1, range_seconds: 10, since: 100, points };
}

function open(isCalm = false) {
  const timers = createManualTimers();
  let send: (event: UsageEvent) => void = () => undefined;
  const series = createUsageSeries({
    follow: ({ onEvent }) => {
      send = onEvent;
      return () => undefined;
    },
    timers,
    isCalm: () => isCalm,
  });
  series.start();
  return {
    series,
    timers,
    send: (sent: UsageEvent) => send(sent),
    times: () => series.get().points.map(({ at }) => at),
  };
}

describe("the usage that is drawn", () => {
  test("grows with every step and lets go of what is older than its range", () => {
    const { send, times } = open();
    send(event([point(100), point(101)], true));
    send(event([point(102)]));
    expect(times()).toEqual([100, 101, 102]);
    send(event([point(111)]));
    expect(times()).toEqual([102, 111]);
  });

  test("begins anew when the host is another one", () => {
    const { send, times } = open();
    send(event([point(100)], true));
    send(event([point(500)], true));
    expect(times()).toEqual([500]);
  });

  test("stands still while it is paused and misses nothing", () => {
    const { series, send, times } = open();
    send(event([point(100)], true));
    series.pause();
    send(event([point(101), point(102)]));
    expect(times()).toEqual([100]);
    expect(series.get().waiting).toBe(2);
    series.resume();
    expect(times()).toEqual([100, 101, 102]);
    expect(series.get()).toMatchObject({ paused: false, waiting: 0 });
  });

  test("moves every few seconds only for who asked for little motion", () => {
    const { send, times, timers } = open(true);
    send(event([point(100)], true));
    send(event([point(101)]));
    send(event([point(102)]));
    expect(times()).toEqual([100]);
    expect(timers.waiting).toEqual([CALM_MS]);
    timers.elapse();
    expect(times()).toEqual([100, 101, 102]);
  });
});

describe("the charts", () => {
  test("compare limits a minute with the minute that ends at each point", () => {
    const points = [0, 30, 59, 60, 90, 150].map((at) => point(at, { calls: 1 }));
    expect(overAMinute(points, ({ calls }) => calls)).toEqual([1, 2, 3, 3, 3, 1]);
  });

  test("draw nothing where no call ended, rather than zero", () => {
    const [, , duration, fuel] = usageCharts(
      [point(1, { calls: 1 }), point(2, { p50_ms: 4, p95_ms: 9, fuel: 7 })],
      { timeout_ms: 5_000 },
    );
    expect(duration).toMatchObject({
      lines: [{ values: [null, 4] }, { values: [null, 9] }],
      limit: { value: 5_000, label: "limit 5\u00a0s" },
    });
    expect(fuel?.lines[0]?.values).toEqual([null, 7]);
    expect(fuel?.limit).toBeUndefined();
  });

  test("draw for a tenant only what its installs share: another limit is each install's own", () => {
    const tenant = {
      tenant_id: "t",
      name: "T",
      own: { concurrency: 1 },
      shared: { scope: "tenant" as const, id: "t", limits: { concurrency: 9 }, windows: [] },
      installs: [],
    };
    expect(drawnLimits({ kind: "tenant", tenantId: "t", name: "T" }, { tenant })).toEqual({ concurrency: 9 });
  });

  test("write figures with their unit, to three digits", () => {
    expect(chartFigure("ms", 12.3456)).toBe("12.3 ms");
    expect(chartFigure("ms", 5_000)).toBe("5 s");
    expect(chartFigure("bytes", 1_572_864)).toBe("1.5 MiB");
    expect(chartFigure("fuel", 0)).toBe("0");
    expect(chartFigure("calls", 12)).toBe("12");
  });
});
