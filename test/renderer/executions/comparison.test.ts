import { describe, expect, it } from "vitest";
import { changeInPercent, compareTraces } from "../../../renderer/state/executions/comparison.ts";

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
    expect(changeInPercent(100, 150)).toBe(50);
    expect(changeInPercent(0, 150)).toBeUndefined();
    expect(changeInPercent(undefined, 1)).toBeUndefined();
  });
});
