import { describe, expect, test } from "vitest";
import { limitDefinition } from "../../../core/contract/limit-catalogue.ts";
import {
  changesOf,
  draftOfLimits,
  problemOf,
  profileSetCommand,
  quotaSetCommand,
  rebasedDraft,
} from "../../../renderer/state/quotas/limit-draft.ts";

const target = {
  kind: "install",
  tenantId: "t1",
  installId: "i1",
  extension: "com.acme.hello",
  name: "hello",
} as const;

describe("limits as they are typed", () => {
  test("what is set is written with its unit, and changes nothing when it is read back", () => {
    const set = { timeout_ms: 2_000, rate_per_minute: 60, egress_bytes_per_day: 0 };
    const draft = draftOfLimits(set);
    expect(draft).toEqual({ timeout_ms: "2s", rate_per_minute: "60/min", egress_bytes_per_day: "0B" });
    expect(changesOf(draft, set)).toEqual({});
  });

  test("a cleared field takes its figure away, a new one sets it, an unreadable one changes nothing", () => {
    const draft = { timeout_ms: " ", memory_mb: "1GiB", fuel: "lots" };
    expect(changesOf(draft, { timeout_ms: 5 })).toEqual({ timeout_ms: null, memory_mb: 1_024 });
    const fuel = limitDefinition("fuel");
    expect(fuel && problemOf(fuel, draft.fuel)).toMatch(/^expected units of fuel such as 500M/);
    expect(fuel && problemOf(fuel, "")).toBeUndefined();
  });

  test("what somebody else has stored is in the fields that nobody typed in", () => {
    const before = { timeout_ms: 2_000, concurrency: 3, rate_per_minute: 60 };
    const draft = { ...draftOfLimits(before), timeout_ms: "9s", concurrency: "" };
    const after = { timeout_ms: 4_000, concurrency: 5, rate_burst: 7 };
    expect(rebasedDraft(draft, before, after)).toEqual({
      timeout_ms: "9s",
      concurrency: "",
      rate_burst: "7",
    });
    expect(rebasedDraft(draftOfLimits(before), before, after)).toEqual(draftOfLimits(after));
  });

  test("each form names the command that does the same", () => {
    expect(quotaSetCommand(target, { changes: { timeout_ms: null, memory_mb: 64 }, profile: "strict" })).toBe(
      "workbench quota set com.acme.hello --tenant t1 --profile strict timeout_ms=none memory_mb=64MiB",
    );
    const tenant = { kind: "tenant", tenantId: "t1", name: "T" } as const;
    expect(quotaSetCommand(tenant, { changes: { concurrency: 3 }, isShared: true })).toBe(
      "workbench quota set --tenant t1 --shared concurrency=3",
    );
    expect(profileSetCommand("nightly", { rate_per_minute: 60 })).toBe(
      "workbench quota profiles set nightly rate_per_minute=60/min",
    );
  });
});
