import { describe, expect, test } from "vitest";
import {
  authenticate,
  CONCURRENCY_LADDER,
  callerMayUse,
  concurrencyAllows,
  decide,
  egressShare,
  IDEMPOTENCY_LADDER,
  IDENTITY_LADDER,
  installUsable,
  QUOTA_LADDER,
  quotaAllows,
  RATE_LADDER,
  REQUEST_LADDER,
  RESPONSE_LADDER,
  ROUTE_LADDER,
  RULES,
  requestPath,
  requestSize,
  resolveLimits,
  responseSize,
  responseStatus,
  tenantAgrees,
  versionValid,
} from "../../core/policy/index.ts";
import { install, LIMITS, limitsWith, manifest, TENANT, user } from "./facts.ts";

const limits = limitsWith();
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
  const slot = (inFlight: number, of = limits) => [
    { scope: "install" as const, limit: of.concurrency, inFlight },
  ];
  const quota = (used: number, endsInMs = 10, of = limits) => ({
    windows: (of.scopes[0]?.windows ?? []).map((limit) => ({
      scope: "install" as const,
      limit,
      used,
      endsInMs,
    })),
  });

  test("the last slot is given and the next call is refused, with what was used of how many", () => {
    const asked = { queue: "none" as const, waitedMs: 0 };
    expect(concurrencyAllows({ slots: slot(1), ...asked })).toMatchObject({
      outcome: "allow",
      budgets: [{ name: "concurrency", scope: "install", limit: 2, used: 1, remaining: 1 }],
    });
    expect(concurrencyAllows({ slots: slot(2), ...asked })).toMatchObject({
      code: "concurrency_exceeded",
      retry_after_ms: 1_000,
    });
    expect(concurrencyAllows({ slots: [], ...asked }).outcome).toBe("allow");
  });

  test("a call that waited in vain is refused even though a slot may be free by now", () => {
    for (const queue of ["full", "waited_out"] as const) {
      expect(concurrencyAllows({ slots: slot(0), queue, waitedMs: 9 }).outcome).toBe("deny");
    }
    expect(concurrencyAllows({ slots: slot(0), queue: "served", waitedMs: 9 }).detail).toContain(
      "after 9 ms",
    );
  });

  test("egress is refused once the window's budget is used, until the window ends", () => {
    expect(quotaAllows(quota(999))).toMatchObject({
      outcome: "allow",
      budgets: [{ name: "egress_bytes_per_minute", limit: 1_000, used: 999, remaining: 1 }],
    });
    expect(quotaAllows(quota(1_000, 12_345))).toMatchObject({
      code: "quota_exceeded",
      retry_after_ms: 12_345,
    });
  });

  test("of several used-up windows the longest says when to come back, the first which rule it was", () => {
    const of = limitsWith({ invocations_per_day: 5, invocations_per_minute: 5 });
    const windows = quota(5, 0, of).windows.map((window) => ({
      ...window,
      endsInMs: window.limit.period === "day" ? 9_000 : 100,
    }));
    expect(quotaAllows({ windows })).toMatchObject({
      outcome: "deny",
      source: "install:limits.invocations_per_minute",
      retry_after_ms: 9_000,
    });
  });

  test("a budget of nothing forbids egress, not calls, and leaves a call nothing to move", () => {
    const none = quota(0, 1, limitsWith({ egress_bytes_per_minute: 0 }));
    expect(quotaAllows(none).outcome).toBe("allow");
    expect(egressShare(none, () => 0)).toMatchObject({
      bytes: 0,
      source: "install:limits.egress_bytes_per_minute",
    });
  });

  test("what a call may move is what the tightest egress window has left", () => {
    const of = limitsWith({ egress_bytes_per_minute: 900, egress_bytes_per_day: 500 });
    expect(egressShare(quota(400, 7, of), () => 0)).toEqual({
      bytes: 100,
      source: "install:limits.egress_bytes_per_day",
      endsInMs: 7,
    });
    expect(egressShare({ windows: [] }, () => 0)).toBeUndefined();
  });

  test("what a call may move leaves 1 MiB for each that may come beside it, or an equal part where there is less", () => {
    const share = (limit: number, setAside: number, others: number) => {
      const facts = quota(0, 60_000, limitsWith({ egress_bytes_per_minute: limit }));
      const windows = facts.windows.map((window) => ({ ...window, setAside }));
      return egressShare({ windows }, () => others);
    };
    const MIB = 2 ** 20;
    expect(share(50 * MIB, 0, 7)).toMatchObject({ bytes: 43 * MIB, endsInMs: 60_000 });
    expect(share(50 * MIB, 43 * MIB, 6)).toMatchObject({ bytes: 1 * MIB });
    expect(share(900, 0, 2)).toMatchObject({ bytes: 300 });
    expect(share(900, 600, 0)).toMatchObject({ bytes: 300, endsInMs: 1_000 });
    expect(share(900, 0, 0)).toMatchObject({ bytes: 900, endsInMs: 60_000 });
  });
});

describe("limits", () => {
  test("come from the install, else the tenant, else the default, and say which", () => {
    const resolved = limitsWith({ timeout_ms: 9_000 }, { timeout_ms: 2_000, fuel: 7 });
    expect(resolved.timeout_ms).toEqual({ value: 9_000, source: "install:limits.timeout_ms" });
    expect(resolved.fuel).toEqual({ value: 7, source: "tenant:limits.fuel" });
    expect(resolved.memory_mb).toEqual({ value: 256, source: "default" });
  });

  test("a profile stands behind the figures of whoever is set to it, and before what is further away", () => {
    const resolved = resolveLimits({
      defaults: LIMITS,
      tenant: {
        id: "t",
        limits: { fuel: 1, memory_mb: 1 },
        profile: { name: "wide", limits: { fuel: 2, timeout_ms: 2 } },
      },
      install: {
        id: "i",
        limits: { memory_mb: 3 },
        profile: { name: "tight", limits: { memory_mb: 4, fuel: 4 } },
      },
    });
    expect(resolved.memory_mb).toEqual({ value: 3, source: "install:limits.memory_mb" });
    expect(resolved.fuel).toEqual({ value: 4, source: "install:profile.tight" });
    expect(resolved.timeout_ms).toEqual({ value: 2, source: "tenant:profile.wide" });
  });

  test("windows are limited where somebody says so, egress a minute always", () => {
    expect(limitsWith().scopes).toMatchObject([
      { scope: "install", windows: [{ name: "egress_bytes_per_minute", value: 1_000, source: "default" }] },
    ]);
    const windows = limitsWith({ cpu_ms_per_hour: 5 }, { cpu_ms_per_hour: 9, fuel_per_month: 1 }).scopes[0]
      ?.windows;
    expect(windows?.map(({ name, value }) => [name, value])).toEqual([
      ["cpu_ms_per_hour", 5],
      ["fuel_per_month", 1],
      ["egress_bytes_per_minute", 1_000],
    ]);
  });

  test("a shared rate without a burst allows at once what comes in a minute, and no more than the default burst", () => {
    const shared = (rate: number) =>
      resolveLimits({
        defaults: LIMITS,
        tenant: { id: "t", limits: {} },
        install: { id: "i", limits: {} },
        shared: [{ scope: "tenant", id: "t", limits: { rate_per_minute: rate } }],
      }).scopes[1]?.rate?.burst.value;
    expect([shared(5), shared(5_000)]).toEqual([5, 100]);
  });

  test("a refusal names the source of the figure that refused", () => {
    const { concurrency: limit } = limitsWith({ concurrency: 1 });
    const facts = { slots: [{ scope: "install" as const, limit, inFlight: 1 }], waitedMs: 0 };
    expect(concurrencyAllows({ ...facts, queue: "full" }).source).toBe("install:limits.concurrency");
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
      decide(IDEMPOTENCY_LADDER, { known: { state: "new" } }),
      decide(RATE_LADDER, { takes: [] }),
      decide(CONCURRENCY_LADDER, { slots: [], queue: "none", waitedMs: 0 }),
      decide(QUOTA_LADDER, { windows: [] }),
      decide(RESPONSE_LADDER, { limits, status: 200, headers: [], bodyBytes: 0 }),
    ].flatMap(({ trace }) => trace.map(({ rule }) => rule));
    expect(asked).toEqual(RULES.filter((rule) => rule !== "execute"));
  });
});
