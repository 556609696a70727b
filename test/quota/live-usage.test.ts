import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { NO_USAGE } from "../../core/contract/execute.ts";
import {
  createLiveUsage,
  createMinutePoints,
  createUsageFeed,
  createUsageLedger,
} from "../../core/quota/index.ts";
import { openDatabase } from "../../core/store/index.ts";
import { install } from "../policy/facts.ts";
import { tempFolder } from "../support/temp.ts";

const START = 1_772_366_400;

function open() {
  const clock = { seconds: START, now: () => new Date(clock.seconds * 1_000) };
  return { clock, live: createLiveUsage({ clock }) };
}

const ended = (ms: number, failed = false, of = install()) => ({
  install: of,
  at: new Date(0),
  usage: { ...NO_USAGE, duration_ms: ms, fuel: ms * 10, memory_bytes: 1_024, egress_bytes: 5 },
  failed,
  inFlight: 1,
});

describe("the last hour, second by second", () => {
  test("counts what began, ended and was refused in each second, and nothing in the others", () => {
    const { clock, live } = open();
    live.began(install());
    live.began(install());
    clock.seconds += 1;
    live.ended(ended(100));
    live.refused(install());
    clock.seconds += 2;
    live.ended(ended(200, true));
    clock.seconds += 1;
    const points = live.points({}, START, clock.seconds, 1);
    expect(
      points.map(({ calls, errors, refused, concurrency }) => [calls, errors, refused, concurrency]),
    ).toEqual([
      [2, 0, 0, 2],
      [0, 0, 1, 2],
      // Nothing happened, and one call ran all the time.
      [0, 0, 0, 1],
      [0, 1, 0, 1],
    ]);
    expect(points[1]).toMatchObject({ fuel: 1_000, memory_bytes: 1_024, egress_bytes: 5 });
    expect(points[1]?.p50_ms).toBeCloseTo(100, -1);
    expect(points[2]).not.toHaveProperty("p50_ms");
  });

  test("keeps tenants, extensions and installs apart and adds them up", () => {
    const { clock, live } = open();
    live.began(install());
    live.began(install({ install_id: "i2", tenant_id: "t2" }));
    clock.seconds += 1;
    const calls = (filter: Parameters<typeof live.points>[0]) =>
      live.points(filter, START, clock.seconds, 1).map((point) => [point.calls, point.concurrency]);
    expect(calls({})).toEqual([[2, 2]]);
    expect(calls({ tenant_id: "t2" })).toEqual([[1, 1]]);
    expect(calls({ registry_id: "registry-1" })).toEqual([[2, 2]]);
    expect(calls({ install_id: "nobody" })).toEqual([[0, 0]]);
  });

  test("tells percentiles to about 4 % over steps of any length", () => {
    const { clock, live } = open();
    for (let ms = 1; ms <= 1_000; ms += 1) {
      if (ms % 100 === 0) clock.seconds += 1;
      live.ended(ended(ms));
    }
    const [point] = live.points({}, START, START + 20, 20);
    expect(Math.abs((point?.p50_ms ?? 0) / 500 - 1)).toBeLessThan(0.05);
    expect(Math.abs((point?.p95_ms ?? 0) / 950 - 1)).toBeLessThan(0.05);
  });

  test("forgets seconds older than an hour", () => {
    const { clock, live } = open();
    for (let second = 0; second < 3_601; second += 1) {
      live.refused(install());
      clock.seconds += 1;
    }
    const refused = live.points({}, START, clock.seconds, 1).map((point) => point.refused);
    expect([refused.length, refused[0], refused.at(-1)]).toEqual([3_601, 0, 1]);
  });
});

describe("the feed", () => {
  test("sends what is kept, then each step when it is over, and ends with its signal", async () => {
    const { clock, live } = open();
    const feed = createUsageFeed({
      live,
      minutes: { points: () => [] },
      clock,
      pause: async (ms) => {
        clock.seconds += Math.ceil(ms / 1_000);
      },
    });
    const stop = new AbortController();
    live.began(install());
    clock.seconds += 1;
    const sent: unknown[] = [];
    for await (const [event] of feed.follow({ install_id: "install-1" }, "5 min", stop.signal)) {
      sent.push([event?.is_first, event?.points.map(({ at, calls }) => [at - START, calls])]);
      if (sent.length === 3) stop.abort();
    }
    expect(sent).toEqual([
      [true, [[0, 1]]],
      [false, [[1, 0]]],
      [false, [[2, 0]]],
    ]);
  });

  test("goes on from the new time when the clock goes back", async () => {
    const { clock, live } = open();
    let pauses = 0;
    const feed = createUsageFeed({
      live,
      minutes: { points: () => [] },
      clock,
      pause: async () => {
        pauses += 1;
        clock.seconds += pauses === 2 ? -100 : 1;
      },
    });
    const stop = new AbortController();
    const times: number[] = [];
    for await (const [event] of feed.follow({}, "5 min", stop.signal)) {
      times.push(...(event?.points ?? []).map(({ at }) => at - START));
      if (times.length === 3) stop.abort();
    }
    expect(times).toEqual([0, -99, -98]);
  });

  test("takes a day from the minutes of the database, also those of another process", () => {
    const database = openDatabase(join(tempFolder(), "workbench.sqlite"));
    const ledger = createUsageLedger({ database });
    ledger.record({ ...ended(100), at: new Date(START * 1_000), inFlight: 3 });
    ledger.record({ ...ended(100, true), at: new Date(START * 1_000), inFlight: 2 });
    ledger.refused(install(), new Date((START + 60) * 1_000));
    const points = createMinutePoints({ database, ledger }).points(
      { tenant_id: "tenant-1" },
      START - 60,
      START + 130,
    );
    expect(points).toMatchObject([
      { at: START - 60, calls: 0 },
      { at: START, calls: 2, errors: 1, concurrency: 3, fuel: 1_000, egress_bytes: 10 },
      { at: START + 60, calls: 0, refused: 1 },
    ]);
    expect(points[1]?.p95_ms).toBeCloseTo(100, -1);
    expect(
      createMinutePoints({ database, ledger }).points({ tenant_id: "other" }, START, START + 60)[0]?.calls,
    ).toBe(0);
  });
});
