import { describe, expect, test } from "vitest";
import type { LimitOverrides } from "../../core/contract/install.ts";
import {
  ADMISSION_LADDER,
  authenticate,
  callerMayUse,
  concurrencyAllows,
  decide,
  IDENTITY_LADDER,
  installUsable,
  quotaAllows,
  REQUEST_LADDER,
  RESPONSE_LADDER,
  ROUTE_LADDER,
  RULES,
  requestPath,
  requestSize,
  resolveLimits,
  responseSize,
  responseStatus,
  takeToken,
  tenantAgrees,
  versionValid,
} from "../../core/policy/index.ts";
import { install, LIMITS, manifest, TENANT, user } from "./facts.ts";

const limits = resolveLimits(LIMITS, {}, {});
const caller = { tenant: TENANT, user: user() };

describe("authenticate", () => {
  test.each(["none", "malformed", "conflicting", "presented"] as const)(
    "%s without a caller is refused",
    (credential) => {
      expect(authenticate({ credential, caller: undefined })).toMatchObject({ code: "unauthenticated" });
    },
  );

  test("a credential that names a user is allowed", () => {
    expect(authenticate({ credential: "presented", caller })).toMatchObject({
      outcome: "allow",
      rule: "authenticate",
    });
  });

  test("a conflict is refused even though one of the two names a user", () => {
    expect(authenticate({ credential: "conflicting", caller }).outcome).toBe("deny");
  });
});

describe("tenant", () => {
  test("a header may be absent or agree", () => {
    expect(tenantAgrees({ caller, claimedTenants: [] }).outcome).toBe("allow");
    expect(tenantAgrees({ caller, claimedTenants: ["tenant-1", "tenant-1"] }).outcome).toBe("allow");
  });

  test("one disagreeing header among agreeing ones is refused", () => {
    expect(tenantAgrees({ caller, claimedTenants: ["tenant-1", "tenant-2"] })).toMatchObject({
      code: "tenant_mismatch",
    });
    expect(tenantAgrees({ caller, claimedTenants: [""] })).toMatchObject({ code: "tenant_mismatch" });
  });
});

describe("install and version", () => {
  test("a missing and a disabled install look the same to the caller", () => {
    expect(installUsable({ install: undefined })).toMatchObject({ code: "extension_not_installed" });
    expect(installUsable({ install: install({ enabled: false }) })).toMatchObject({
      code: "extension_not_installed",
    });
    expect(installUsable({ install: install() }).outcome).toBe("allow");
  });

  test("an invalid version answers with its verification code", () => {
    const invalid = install({ version_status: "invalid", invalid_code: "certificate_revoked" });
    expect(versionValid({ install: invalid })).toMatchObject({ code: "certificate_revoked" });
  });

  test("an invalid version whose code is unknown is still refused", () => {
    const invalid = install({ version_status: "invalid", invalid_code: "something else" });
    expect(versionValid({ install: invalid })).toMatchObject({ code: "signature_invalid" });
  });

  test("a deprecated version runs, and an unsigned one says so", () => {
    expect(versionValid({ install: install({ version_status: "deprecated" }) }).outcome).toBe("allow");
    expect(versionValid({ install: install({ signed: false }) }).detail).toContain("unsigned");
  });
});

describe("caller", () => {
  const open = install({ manifest: manifest({ clientPortal: true }) });

  test.each([
    ["GET", ["read"], "allow"],
    ["GET", ["write"], "deny"],
    ["POST", ["write"], "allow"],
    ["DELETE", ["read"], "deny"],
    ["PATCH", [], "deny"],
  ] as const)("%s with the roles %j: %s", (method, roles, outcome) => {
    expect(callerMayUse({ user: user({ roles: [...roles] }), method, install: open }).outcome).toBe(outcome);
  });

  test("an internal user without any roles is refused", () => {
    const { roles: _, ...without } = user();
    expect(callerMayUse({ user: without, method: "GET", install: open })).toMatchObject({
      code: "forbidden",
    });
  });

  test("a client user needs the portal hook, and roles do not replace it", () => {
    const client = user({ user_type: "client", client_id: "c1" });
    expect(callerMayUse({ user: client, method: "POST", install: open }).outcome).toBe("allow");
    expect(callerMayUse({ user: client, method: "GET", install: install() })).toMatchObject({
      code: "forbidden",
      source: "manifest:ui.hooks.clientPortalMenu.label",
    });
  });
});

describe("sizes", () => {
  const size = (bytes: number, headerBytes = 10) =>
    requestSize({ limits, headerBytes, body: { state: "read", bytes } });

  test("the caps are inclusive", () => {
    expect(size(100).outcome).toBe("allow");
    expect(size(101)).toMatchObject({ code: "request_too_large" });
    expect(size(0, 2_000).outcome).toBe("allow");
    expect(size(0, 2_001)).toMatchObject({ code: "request_too_large" });
  });

  test("a body that was cut off, declared too large or broken is refused", () => {
    const refused = (body: Parameters<typeof requestSize>[0]["body"]) =>
      requestSize({ limits, headerBytes: 0, body });
    expect(refused({ state: "over_cap" })).toMatchObject({ code: "request_too_large" });
    expect(refused({ state: "declared_over_cap", bytes: 5_000 })).toMatchObject({
      code: "request_too_large",
    });
    expect(refused({ state: "broken" })).toMatchObject({ code: "malformed_request" });
  });

  test("a response is judged by its decoded body and its kept headers", () => {
    const facts = { limits, status: 200, headers: [], bodyBytes: 100 };
    expect(responseSize(facts).outcome).toBe("allow");
    expect(responseSize({ ...facts, bodyBytes: 101 })).toMatchObject({ code: "response_too_large" });
    expect(responseSize({ ...facts, bodyBytes: undefined })).toMatchObject({ code: "bad_handler" });
    const large = "v".repeat(2_000);
    expect(responseSize({ ...facts, headers: [{ name: "x-ext-a", value: large }] })).toMatchObject({
      code: "response_too_large",
    });
    expect(responseSize({ ...facts, headers: [{ name: "dropped", value: large }] }).outcome).toBe("allow");
  });

  test.each([100, 101, 199, 600, 0, -1, 200.5, Number.NaN])(
    "the status %d is outside the contract",
    (status) => {
      expect(responseStatus({ limits, status, headers: [], bodyBytes: 0 })).toMatchObject({
        code: "bad_handler",
      });
    },
  );
});

describe("concurrency and quota", () => {
  test("the last slot is given and the next call is refused", () => {
    expect(concurrencyAllows({ limits, inFlight: 1 }).outcome).toBe("allow");
    expect(concurrencyAllows({ limits, inFlight: 2 })).toMatchObject({
      code: "concurrency_exceeded",
      retry_after_ms: 1_000,
    });
  });

  test("egress is refused once the window's budget is used, until the window ends", () => {
    expect(quotaAllows({ limits, egressBytes: 999, windowEndsInMs: 10 }).outcome).toBe("allow");
    expect(quotaAllows({ limits, egressBytes: 1_000, windowEndsInMs: 12_345 })).toMatchObject({
      code: "quota_exceeded",
      retry_after_ms: 12_345,
    });
  });

  test("a budget of nothing forbids egress, not calls", () => {
    const none = resolveLimits(LIMITS, {}, { egress_bytes_per_minute: 0 });
    expect(quotaAllows({ limits: none, egressBytes: 0, windowEndsInMs: 1 }).outcome).toBe("allow");
  });
});

describe("limits", () => {
  test("come from the install, else the tenant, else the default, and say which", () => {
    const tenant: LimitOverrides = { timeout_ms: 2_000, fuel: 7 };
    const resolved = resolveLimits(LIMITS, tenant, { timeout_ms: 9_000 });
    expect(resolved.timeout_ms).toEqual({ value: 9_000, source: "install:limits.timeout_ms" });
    expect(resolved.fuel).toEqual({ value: 7, source: "tenant:limits.fuel" });
    expect(resolved.memory_mb).toEqual({ value: 256, source: "default" });
  });

  test("a refusal names the source of the figure that refused", () => {
    const own = resolveLimits(LIMITS, {}, { concurrency: 1 });
    expect(concurrencyAllows({ limits: own, inFlight: 1 }).source).toBe("install:limits.concurrency");
  });
});

describe("decide", () => {
  test("stops at the first refusal, which is the trace's last entry", () => {
    const { trace, refusal } = decide(IDENTITY_LADDER, {
      credential: "none",
      caller: undefined,
      claimedTenants: ["other"],
    });
    expect(trace.map(({ rule }) => rule)).toEqual(["authenticate"]);
    expect(refusal).toBe(trace.at(-1));
  });

  test("the ladders together ask every rule in the design's order, with execute between them", () => {
    const target = requestPath("/a");
    const asked = [
      decide(IDENTITY_LADDER, { credential: "presented", caller, claimedTenants: [] }),
      decide([installUsable], { install: install() }),
      decide(ROUTE_LADDER, { install: install(), method: "GET", target, user: caller.user }),
      decide(REQUEST_LADDER, { limits, headerBytes: 0, headers: [], body: { state: "read", bytes: 0 } }),
      decide(ADMISSION_LADDER, {
        limits,
        take: takeToken(undefined, { perMinute: 60, burst: 3 }, 0),
        inFlight: 0,
        egressBytes: 0,
        windowEndsInMs: 0,
      }),
      decide(RESPONSE_LADDER, { limits, status: 200, headers: [], bodyBytes: 0 }),
    ].flatMap(({ trace }) => trace.map(({ rule }) => rule));
    expect(asked).toEqual(RULES.filter((rule) => rule !== "execute"));
  });
});
