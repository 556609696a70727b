import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Bucket,
  rateAllows,
  rateStanding,
  type ScopedTake,
  takeToken,
} from "../../core/policy/index.ts";

const policy = { perMinute: 60, burst: 3 };

describe("a token bucket", () => {
  test("starts full, gives its burst and then one token a second", () => {
    let bucket: Bucket | undefined;
    for (let call = 0; call < 3; call += 1) {
      const take = takeToken(bucket, policy, 1_000);
      expect(take.allowed).toBe(true);
      bucket = take.bucket;
    }
    expect(takeToken(bucket, policy, 1_000)).toMatchObject({ allowed: false, retry_after_ms: 1_000 });
    expect(takeToken(bucket, policy, 1_400)).toMatchObject({ allowed: false, retry_after_ms: 600 });
    expect(takeToken(bucket, policy, 2_000).allowed).toBe(true);
  });

  test("never holds more than its burst", () => {
    const { bucket } = takeToken(undefined, policy, 0);
    expect(takeToken(bucket, policy, 10 ** 9).bucket.tokens).toBe(2);
  });

  test("a clock that goes backwards gives nothing and takes nothing", () => {
    const empty: Bucket = { tokens: 0.5, at_ms: 10_000 };
    expect(takeToken(empty, policy, 0)).toMatchObject({ allowed: false, bucket: { tokens: 0.5, at_ms: 0 } });
  });

  test("a lowered burst takes effect on what was saved", () => {
    expect(takeToken({ tokens: 100, at_ms: 0 }, { perMinute: 60, burst: 2 }, 0).bucket.tokens).toBe(1);
  });

  test("waiting as long as it says is always enough", () => {
    fc.assert(
      fc.property(
        fc.record({
          perMinute: fc.integer({ min: 1, max: 100_000 }),
          burst: fc.integer({ min: 1, max: 1_000 }),
        }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (any, tokens) => {
          const refused = takeToken({ tokens, at_ms: 0 }, any, 0);
          expect(refused.allowed).toBe(false);
          // One millisecond for the rounding of the sum.
          expect(takeToken(refused.bucket, any, refused.retry_after_ms + 1).allowed).toBe(true);
        },
      ),
    );
  });

  test("over any series of calls it never allows more than the burst plus the refill", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 2_000 }), { maxLength: 200 }), (gaps) => {
        let bucket: Bucket | undefined;
        let now = 0;
        let allowed = 0;
        for (const gap of gaps) {
          now += gap;
          const take = takeToken(bucket, policy, now);
          bucket = take.bucket;
          if (take.allowed) allowed += 1;
        }
        expect(allowed).toBeLessThanOrEqual(policy.burst + (now / 60_000) * policy.perMinute + 1e-6);
      }),
    );
  });

  test("whatever the clock does, it never allows more than the burst plus the refill of the time it went forward", () => {
    const step = fc.integer({ min: -5_000, max: 5_000 });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        let bucket: Bucket | undefined;
        let [now, forward, allowed] = [1_000_000, 0, 0];
        for (const by of steps) {
          now += by;
          forward += Math.max(0, by);
          const take = takeToken(bucket, policy, now);
          bucket = take.bucket;
          if (take.allowed) allowed += 1;
        }
        expect(allowed).toBeLessThanOrEqual(policy.burst + (forward / 60_000) * policy.perMinute + 1e-6);
      }),
    );
  });

  test("more time never means fewer tokens", () => {
    const moment = fc.integer({ min: 0, max: 100_000 });
    fc.assert(
      fc.property(fc.double({ min: 0, max: 3, noNaN: true }), moment, moment, (tokens, a, b) => {
        const [sooner, later] = [Math.min(a, b), Math.max(a, b)].map((now) =>
          takeToken({ tokens, at_ms: 0 }, policy, now),
        );
        expect(later?.retry_after_ms).toBeLessThanOrEqual(sooner?.retry_after_ms ?? 0);
        if (sooner?.allowed) expect(later?.allowed).toBe(true);
      }),
    );
  });
});

const figure = (value: number) => ({ value, source: "default" });
const scoped = (scope: "install" | "tenant", burst: number, left: number, allowed = true): ScopedTake => ({
  scope,
  perMinute: figure(60),
  burst: figure(burst),
  take: { allowed, bucket: { tokens: left, at_ms: 0 }, retry_after_ms: allowed ? 0 : 400 },
});

describe("what a caller is told of its rate", () => {
  test("is the tightest bucket: its size, what is left of it, and when it is full again", () => {
    const takes = [scoped("install", 10, 7.5), scoped("tenant", 20, 4.25)];
    expect(rateStanding(takes)).toEqual({ limit: 20, remaining: 4, resetMs: 15_750 });
    expect(rateStanding(takes, true)).toMatchObject({ remaining: 5 });
    expect(rateStanding([])).toBeUndefined();
  });

  test("is the bucket that refused, where one did", () => {
    const takes = [scoped("install", 10, 0.1), scoped("tenant", 20, 0.6, false)];
    expect(rateStanding(takes)).toMatchObject({ limit: 20, remaining: 0 });
    expect(rateAllows({ takes })).toMatchObject({
      code: "rate_limited",
      detail: "More than 60 calls a minute with bursts of 20 of the whole tenant.",
      retry_after_ms: 400,
    });
  });
});
