import { describe, expect, it } from "vitest";
import { type PolicyScenario, scenarioFileSchema } from "../../core/contract/policy-scenario.ts";
import { runScenario } from "../../core/policy/index.ts";
import { LIMITS, manifest } from "./facts.ts";

const MANIFEST = manifest({
  endpoints: [
    { method: "GET", path: "/items" },
    { method: "DELETE", path: "/items/:id" },
  ],
  clientPortal: true,
});

function scenario(parts: Omit<PolicyScenario, "name" | "request"> & Partial<PolicyScenario>): PolicyScenario {
  return { name: "a scenario", request: { method: "GET", path: "/items" }, ...parts };
}

function run(parts: Parameters<typeof scenario>[0]) {
  return runScenario(scenario(parts), MANIFEST, LIMITS);
}

describe("a policy scenario", () => {
  it("passes when the gateway's own rules decide as expected", () => {
    for (const parts of [
      { expect: { outcome: "allow" } },
      { as: { user_type: "client" }, expect: { outcome: "allow" } },
      { as: "anonymous", expect: { outcome: "deny", code: "unauthenticated", status: 401 } },
      {
        request: { method: "delete", path: "/items/7" },
        as: { user_type: "internal", roles: ["read"] },
        expect: { outcome: "deny", rule: "caller", code: "forbidden" },
      },
      { request: { method: "GET", path: "/items/../x" }, expect: { outcome: "deny", status: 400 } },
      { install: { enabled: false }, expect: { outcome: "deny", code: "extension_not_installed" } },
      { install: { installed: false }, expect: { outcome: "deny", code: "extension_not_installed" } },
      { use: { tokens_left: 0 }, expect: { outcome: "deny", code: "rate_limited", status: 429 } },
      { use: { running: 2 }, expect: { outcome: "deny", code: "concurrency_exceeded" } },
      {
        install: { limits: { invocations_per_day: 10 } },
        use: { used: { invocations_per_day: 10 } },
        expect: { outcome: "deny", code: "quota_exceeded" },
      },
      {
        request: { method: "GET", path: "/items", body_bytes: 101 },
        expect: { outcome: "deny", code: "request_too_large" },
      },
      {
        request: { method: "GET", path: "/items", headers: { "x-tenant-id": "another" } },
        expect: { outcome: "deny", code: "tenant_mismatch" },
      },
    ] as const) {
      const result = run(parts as Parameters<typeof scenario>[0]);
      expect(result.differences, JSON.stringify(parts)).toEqual([]);
      expect(result.passed).toBe(true);
    }
  });

  it("fails with everything that is otherwise, and the whole ladder beside it", () => {
    const result = run({ expect: { outcome: "deny", rule: "caller", code: "forbidden", status: 403 } });
    expect(result.passed).toBe(false);
    expect(result.differences).toEqual([
      { what: "outcome", expected: "deny", actual: "allow" },
      { what: "rule", expected: "caller", actual: "none" },
      { what: "code", expected: "forbidden", actual: "none" },
      { what: "status", expected: "403", actual: "none" },
    ]);
    expect(result.explanation.decisions).toHaveLength(16);
  });

  it("fails when a capability that a call must have is not granted", () => {
    const result = run({
      install: { granted: ["cap:storage.kv"] },
      expect: { outcome: "allow", grants: ["cap:storage.kv", "cap:http.fetch", "cap:log.emit"] },
    });
    expect(result.differences).toEqual([
      { what: "grants", expected: "cap:http.fetch", actual: "not granted" },
    ]);
  });

  it("does not pass for a figure that no rule looks at", () => {
    const result = run({ use: { used: { invocations_per_dya: 10 } }, expect: { outcome: "allow" } });
    expect(result.differences).toMatchObject([{ what: "use.used.invocations_per_dya" }]);
  });
});

describe("a file of scenarios", () => {
  it("refuses fields, rules and callers that do not exist", () => {
    const file = (parts: object) =>
      scenarioFileSchema.safeParse({
        scenarios: [
          { name: "x", request: { method: "GET", path: "/" }, expect: { outcome: "allow" }, ...parts },
        ],
      }).success;
    expect(file({})).toBe(true);
    expect(file({ as: "root" })).toBe(false);
    expect(file({ as: { user_type: "client", roles: ["write"] } })).toBe(false);
    expect(file({ install: { granted: ["cap:everything"] } })).toBe(false);
    expect(file({ expects: { outcome: "deny" } })).toBe(false);
    expect(scenarioFileSchema.safeParse({ scenarios: [] }).success).toBe(false);
  });
});
