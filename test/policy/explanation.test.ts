import { describe, expect, it } from "vitest";
import { RULES } from "../../core/policy/decision.ts";
import { type CallFacts, explainCall, requestPath } from "../../core/policy/index.ts";
import { install, limitsWith, manifest, TENANT, user } from "./facts.ts";

function facts(overrides: Partial<CallFacts> = {}): CallFacts {
  const limits = limitsWith();
  return {
    credential: "presented",
    caller: { tenant: TENANT, user: user() },
    claimedTenants: [],
    install: install({ manifest: manifest({ endpoints: [{ method: "GET", path: "/items/:id" }] }) }),
    method: "GET",
    target: requestPath("/items/1"),
    headers: [],
    bodyBytes: 0,
    use: { limits, takes: [], slots: [], windows: [] },
    ...overrides,
  };
}

const verdict = (explanation: ReturnType<typeof explainCall>, rule: string) =>
  explanation.decisions.find((decision) => decision.rule === rule);

describe("an explained call", () => {
  it("asks every rule once, in the ladder's order, and leaves to the answer what only the answer tells", () => {
    const explanation = explainCall(facts());
    expect(explanation.decisions.map(({ rule }) => rule)).toEqual([...RULES]);
    expect(explanation.allowed).toBe(true);
    expect(explanation.refused_by).toBeUndefined();
    const unknown = explanation.decisions.filter(({ outcome }) => outcome === "unknown");
    expect(unknown.map(({ rule }) => rule)).toEqual([
      "execute",
      "response_status",
      "response_size",
      "response_headers",
    ]);
  });

  it("says of what only the answer tells whose rule it will be, and of what it cannot ask that it does not know", () => {
    const limits = limitsWith({ response_body_bytes: 50 });
    const headers = [{ name: "x-idempotency-key", value: "order-1" }];
    const use = { limits, takes: [], slots: [], windows: [] };
    const explanation = explainCall(facts({ method: "POST", headers, use }));
    const sources = ["idempotency", "execute", "response_status", "response_size", "response_headers"].map(
      (rule) => verdict(explanation, rule)?.source,
    );
    expect(sources).toEqual([
      "request:x-idempotency-key",
      "runner",
      "default",
      "install:limits.response_body_bytes",
      "default",
    ]);
    const absent = explainCall(facts({ install: undefined, use: undefined }));
    expect(
      ["endpoint", "rate", "quota", "response_size"].map((rule) => verdict(absent, rule)?.source),
    ).toEqual(Array(4).fill("unknown"));
  });

  it("leaves to the call itself what its idempotency key stands for", () => {
    const headers = [{ name: "x-idempotency-key", value: "order-1" }];
    const outcome = (method: string) =>
      verdict(explainCall(facts({ method, headers })), "idempotency")?.outcome;
    expect([outcome("POST"), outcome("GET")]).toEqual(["unknown", "allow"]);
  });

  it("goes on past the first refusal and names it as the one that a caller is told", () => {
    const explanation = explainCall(
      facts({
        method: "POST",
        caller: { tenant: TENANT, user: user({ roles: [] }) },
        claimedTenants: ["another"],
        bodyBytes: 101,
      }),
    );
    const refused = explanation.decisions.filter(({ outcome }) => outcome === "deny");
    expect(refused.map(({ rule, code, status }) => [rule, code, status])).toEqual([
      ["tenant", "tenant_mismatch", 403],
      ["endpoint", "endpoint_not_found", 404],
      ["caller", "forbidden", 403],
      ["request_size", "request_too_large", 413],
    ]);
    expect(explanation).toMatchObject({
      allowed: false,
      refused_by: "tenant",
      code: "tenant_mismatch",
      status: 403,
    });
  });

  it("names the manifest's place or the command that mends a refusal", () => {
    const wrongMethod = explainCall(facts({ method: "DELETE" }));
    expect(verdict(wrongMethod, "endpoint")?.remedy).toMatchObject({
      manifest: { path: ["api", "endpoints"] },
    });
    const client = explainCall(facts({ caller: { tenant: TENANT, user: user({ user_type: "client" }) } }));
    expect(verdict(client, "caller")?.remedy).toMatchObject({
      manifest: { path: ["ui", "hooks", "clientPortalMenu", "label"] },
    });
    const disabled = explainCall(facts({ install: install({ enabled: false }) }));
    expect(verdict(disabled, "install")?.remedy?.command).toBe("workbench enable com.acme.hello");
    const big = explainCall(facts({ bodyBytes: 101 }));
    expect(verdict(big, "request_size")?.remedy?.command).toBe(
      "workbench quota set com.acme.hello request_body_bytes=…",
    );
    const bigOfTenant = explainCall(
      facts({
        bodyBytes: 60,
        use: { limits: limitsWith({}, { request_body_bytes: 50 }), takes: [], slots: [], windows: [] },
      }),
    );
    expect(verdict(bigOfTenant, "request_size")?.remedy?.command).toBe(
      `workbench quota set --tenant ${TENANT.id} request_body_bytes=…`,
    );
  });

  it("asks nothing of an unknown caller or an extension that is not there, and says so", () => {
    const anonymous = explainCall(facts({ credential: "none", caller: undefined }));
    expect(verdict(anonymous, "authenticate")).toMatchObject({ outcome: "deny", code: "unauthenticated" });
    expect(verdict(anonymous, "endpoint")?.outcome).toBe("unknown");
    const absent = explainCall(facts({ install: undefined, use: undefined }));
    expect(absent).toMatchObject({ refused_by: "install", status: 404 });
    expect(verdict(absent, "rate")?.outcome).toBe("unknown");
  });
});
