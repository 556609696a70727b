import { describe, expect, it } from "vitest";
import { NO_USAGE } from "../../core/contract/execute.ts";
import { compareFigures, compareTraces } from "../../core/contract/execution-comparison.ts";

describe("a comparison", () => {
  const allow = { rule: "rate", outcome: "allow", detail: "5 left", source: "default" } as const;
  const deny = { ...allow, outcome: "deny", code: "rate_limited" } as const;

  it("names rules that differ and rules that one call did not reach", () => {
    const after = { ...allow, rule: "execute" };
    expect(compareTraces([allow, after], [deny])).toEqual([
      { rule: "rate", left: allow, right: deny, differs: true },
      { rule: "execute", left: after, right: undefined, differs: true },
    ]);
    expect(compareTraces([allow], [allow])[0]?.differs).toBe(false);
  });

  it("relates figures only where there is something to relate to", () => {
    const figures = compareFigures(
      { ...NO_USAGE, fuel: 100, host_calls: 2 },
      { ...NO_USAGE, fuel: 150, host_calls: 2, log_lines: 3 },
    );
    expect(figures.filter(({ what }) => ["fuel", "host_calls", "log_lines"].includes(what))).toEqual([
      { what: "fuel", left: 100, right: 150, differs: true, change_percent: 50 },
      { what: "host_calls", left: 2, right: 2, differs: false, change_percent: 0 },
      { what: "log_lines", left: 0, right: 3, differs: true },
    ]);
    expect(compareFigures(undefined, NO_USAGE)[0]).toEqual({
      what: "duration_ms",
      left: undefined,
      right: 0,
      differs: true,
    });
  });
});
