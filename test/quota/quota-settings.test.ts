import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createQuotaSettings } from "../../core/quota/index.ts";
import { openDatabase } from "../../core/store/index.ts";
import { install, LIMITS, TENANT } from "../policy/facts.ts";
import { tempFolder } from "../support/temp.ts";
import { nextTurn } from "../support/turns.ts";

const clock = { now: () => new Date("2026-03-01T12:00:00Z") };

function open(file = join(tempFolder(), "workbench.sqlite")) {
  return {
    file,
    settings: createQuotaSettings({ database: openDatabase(file), clock, defaults: LIMITS }),
  };
}

describe("quota profiles", () => {
  test("default, strict and production are always there, and default is what is in force anyway", () => {
    const { settings } = open();
    expect(settings.list().map(({ name, built_in }) => [name, built_in])).toEqual([
      ["default", true],
      ["strict", true],
      ["production", true],
    ]);
    expect(settings.require("default").limits).toEqual(LIMITS);
    expect(() => settings.saveProfile("strict", {})).toThrow(
      expect.objectContaining({ code: "profile_builtin" }),
    );
    expect(() => settings.deleteProfile("default")).toThrow(
      expect.objectContaining({ code: "profile_builtin" }),
    );
  });

  test("of one's own are made, replaced, deleted, and refused with what is wrong", () => {
    const { settings } = open();
    settings.saveProfile("nightly", { timeout_ms: 30_000 });
    settings.saveProfile("nightly", { memory_mb: 512 });
    expect(settings.require("nightly").limits).toEqual({ memory_mb: 512 });
    settings.deleteProfile("nightly");
    for (const act of [() => settings.require("nightly"), () => settings.deleteProfile("nightly")]) {
      expect(act).toThrow(expect.objectContaining({ code: "profile_not_found" }));
    }
    expect(() => settings.saveProfile("Nightly!", {})).toThrow(
      expect.objectContaining({ code: "profile_invalid" }),
    );
    expect(() => settings.saveProfile("nightly", { timeout_ms: 999_999_999 })).toThrow(
      expect.objectContaining({
        code: "limits_invalid",
        details: { problems: ["timeout_ms: at most 120000"] },
      }),
    );
    expect(() => settings.saveProfile("nightly", { colour: 1 })).toThrow(
      expect.objectContaining({ code: "limits_invalid" }),
    );
  });

  test("apply to an install that is set to them, and cannot be deleted under it", () => {
    const { settings } = open();
    settings.saveProfile("nightly", { timeout_ms: 30_000 });
    settings.assign("install", "install-1", "nightly");
    expect(settings.limitsFor(TENANT, install()).timeout_ms).toEqual({
      value: 30_000,
      source: "install:profile.nightly",
    });
    expect(() => settings.deleteProfile("nightly")).toThrow(
      expect.objectContaining({ code: "profile_in_use", details: { used_by: ["install install-1"] } }),
    );
    settings.assign("install", "install-1", null);
    settings.deleteProfile("nightly");
    expect(settings.limitsFor(TENANT, install()).timeout_ms.source).toBe("default");
    expect(() => settings.assign("tenant", "t", "nightly")).toThrow(
      expect.objectContaining({ code: "profile_not_found" }),
    );
  });

  test("changed by another process they are in force here with the next call", async () => {
    const { file, settings } = open();
    settings.saveProfile("nightly", { timeout_ms: 1 });
    settings.assign("tenant", TENANT.id, "nightly");
    expect(settings.limitsFor(TENANT, install()).timeout_ms.value).toBe(1);
    open(file).settings.saveProfile("nightly", { timeout_ms: 2 });
    await nextTurn();
    expect(settings.limitsFor(TENANT, install()).timeout_ms).toEqual({
      value: 2,
      source: "tenant:profile.nightly",
    });
  });
});

describe("shared limits", () => {
  test("are scopes beside the install's own", () => {
    const { settings } = open();
    settings.setShared("tenant", TENANT.id, { concurrency: 3 });
    settings.setShared("extension", "registry-1", { invocations_per_day: 9 });
    expect(settings.limitsFor(TENANT, install()).scopes.slice(1)).toMatchObject([
      { scope: "extension", id: "registry-1", windows: [{ name: "invocations_per_day", value: 9 }] },
      { scope: "tenant", id: TENANT.id, concurrency: { value: 3, source: "tenant:shared.concurrency" } },
    ]);
  });

  test("know only what can be counted together, and no burst without a rate", () => {
    const { settings } = open();
    for (const limits of [{ timeout_ms: 1 }, { rate_burst: 5 }]) {
      expect(() => settings.setShared("tenant", "t", limits)).toThrow(
        expect.objectContaining({ code: "limits_invalid" }),
      );
    }
  });
});
