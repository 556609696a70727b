import { describe, expect, it } from "vitest";
import type { HostCallRecord } from "../../../core/contract/execution-journal.ts";
import { timeShares, waterfallOf } from "../../../renderer/state/executions/waterfall.ts";

const call = (start_ms: number, duration_ms: number): HostCallRecord => ({
  sequence: 1,
  interface: "storage",
  function: "get",
  arguments: [],
  outcome: "value",
  start_ms,
  duration_ms,
});

describe("the waterfall of host calls", () => {
  it("sets each call on an axis from the execution's start to its end", () => {
    const { bars, ticks, end_ms } = waterfallOf([call(10, 20), call(50, 50)], 100);
    expect(end_ms).toBe(100);
    expect(bars).toEqual([
      { left: 10, width: 20 },
      { left: 50, width: 50 },
    ]);
    expect(ticks.map(({ ms }) => ms)).toEqual([0, 50, 100]);
  });

  it("stretches to a call that outlasts the duration, and shows the shortest one", () => {
    const { bars, end_ms } = waterfallOf([call(0, 0.001), call(5, 20)], 10);
    expect(end_ms).toBe(25);
    expect(bars[0]?.width).toBeGreaterThan(0.5);
    expect((bars[1]?.left ?? 0) + (bars[1]?.width ?? 0)).toBe(100);
  });

  it("has an axis without calls and without time", () => {
    expect(waterfallOf([], 0).ticks.every(({ left }) => Number.isFinite(left))).toBe(true);
  });
});

describe("the split of an execution's time", () => {
  const usage = { duration_ms: 10, memory_bytes: 1, fuel: 1, egress_bytes: 0, host_calls: 1, log_lines: 0 };

  it("gives the runner what is neither guest nor host", () => {
    expect(timeShares({ ...usage, guest_ms: 2, host_ms: 7 })).toEqual([
      { part: "guest", ms: 2, share: 20 },
      { part: "host", ms: 7, share: 70 },
      { part: "runner", ms: 1, share: 10 },
    ]);
  });

  it("is not known of a runner that does not measure it", () => {
    expect(timeShares(usage)).toBeUndefined();
  });
});
