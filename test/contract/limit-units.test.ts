import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LIMIT_NAMES, type LimitName, limitDefinition } from "../../core/contract/limit-catalogue.ts";
import { formatLimit, parseLimit } from "../../core/contract/limit-units.ts";

function definition(name: LimitName) {
  const found = limitDefinition(name);
  if (found === undefined) throw new Error(name);
  return found;
}

describe("figures of limits", () => {
  test.each([
    ["timeout_ms", "5s", 5_000],
    ["timeout_ms", "1.5s", 1_500],
    ["timeout_ms", "2min", 120_000],
    ["timeout_ms", "250", 250],
    ["memory_mb", "1GiB", 1_024],
    ["request_body_bytes", "10MiB", 10_485_760],
    ["request_body_bytes", "10 MB", 10_000_000],
    ["fuel", "10G", 10_000_000_000],
    ["fuel", "1e10", 10_000_000_000],
    ["fuel", "500_000", 500_000],
    ["rate_per_minute", "600/min", 600],
    ["rate_per_minute", "10/s", 600],
    ["rate_per_minute", "3600/h", 60],
    ["egress_bytes_per_minute", "50MiB/min", 52_428_800],
    ["egress_bytes_per_day", "0", 0],
    ["cpu_ms_per_hour", "1h", 3_600_000],
    ["invocations_per_month", "1.1M", 1_100_000],
  ] as const)("%s=%s is read as %i", (name, text, value) => {
    expect(parseLimit(definition(name), text)).toEqual({ value });
  });

  test.each([
    ["timeout_ms", "5MiB", "a time such as 500ms"],
    ["timeout_ms", "5 minutes", "a time such as"],
    ["timeout_ms", "3min", "at most 2min"],
    ["timeout_ms", "0", "1ms or more"],
    ["memory_mb", "512KiB", "whole mebibytes"],
    ["memory_mb", "0.5MiB", "whole mebibytes"],
    ["rate_per_minute", "600/day", "a rate such as 600/min"],
    ["egress_bytes_per_day", "1GiB/min", "a size such as"],
    ["concurrency", "-1", "a whole number of calls"],
    ["concurrency", "1.5", "a whole number of calls"],
    ["concurrency", "", "a whole number of calls"],
    ["concurrency", "toString", "a whole number of calls"],
    ["fuel", "9e99", "units of fuel"],
  ] as const)("%s=%s is refused with what was expected", (name, text, expected) => {
    const parsed = parseLimit(definition(name), text);
    expect(parsed).toEqual({ problem: expect.stringContaining(expected) });
    expect(parsed).toEqual({ problem: expect.stringMatching(new RegExp(`^${name}: expected `)) });
  });

  test("written and read back they are the same, for every limit and any figure", () => {
    fc.assert(
      fc.property(fc.constantFrom(...LIMIT_NAMES), fc.maxSafeNat(), (name, any) => {
        const limit = definition(name);
        const value = limit.minimum + (any % (limit.maximum - limit.minimum + 1));
        expect(parseLimit(limit, formatLimit(limit, value))).toEqual({ value });
      }),
    );
  });
});
