import { getEventListeners } from "node:events";
import { describe, expect, test } from "vitest";
import { answer, createFixture, KEY } from "./fixture.ts";

describe("a call that is allowed", () => {
  test("reaches the runner as the contract has it and answers with the handler's response", async () => {
    const fixture = createFixture();
    const response = await fixture.call("POST", "/api/ext/com.acme.hello/items/%69?x=1", {
      body: '{"a":1}',
      headers: { "content-type": "application/json", cookie: "session=1", "x-tenant-id": "tenant-1" },
    });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ ok: true });
    expect(response.headers.get("content-type")).toBe("application/json");

    const [request] = fixture.executed;
    expect(request).toMatchObject({
      context: {
        tenant_id: "tenant-1",
        extension_id: "registry-1",
        install_id: "install-1",
        version_id: "version-1",
        config: { color: "blue" },
        request_id: response.headers.get("x-request-id"),
      },
      http: {
        method: "POST",
        path: "/items/i",
        query: "?x=1",
        body_b64: Buffer.from('{"a":1}').toString("base64"),
      },
      limits: { timeout_ms: 5_000, memory_mb: 256, fuel: 1_000_000 },
      providers: ["cap:context.read", "cap:log.emit", "cap:user.read", "cap:secrets.get"],
      user: { user_id: "user-1" },
      egress_allowlist: ["api.example.com"],
    });
    expect(request?.secret_envelope).toBeDefined();
    const names = request?.http.headers.map(({ name }) => name);
    expect(names).toContain("x-alga-tenant");
    expect(names).not.toContain("authorization");
    expect(names).not.toContain("cookie");
    expect(names).not.toContain("x-tenant-id");
  });

  test.each(["install-1", "registry-1", "com.acme.hello"])(
    "finds the extension as %s, under both prefixes",
    async (ref) => {
      const fixture = createFixture();
      expect((await fixture.call("GET", `/api/ext/${ref}/a`)).status).toBe(200);
      expect((await fixture.call("GET", `/api/ext-proxy/${ref}/a`)).status).toBe(200);
    },
  );

  test("without a path below the extension asks for its root", async () => {
    const fixture = createFixture();
    await fixture.call("GET", "/api/ext/install-1?x=1");
    await fixture.call("GET", "/api/ext/install-1/");
    expect(fixture.executed.map(({ http }) => http.path + http.query)).toEqual(["/?x=1", "/"]);
  });

  test("takes the key from x-api-key too", async () => {
    const { gateway } = createFixture();
    const response = await gateway.app.request("http://localhost/api/ext/install-1/", {
      headers: { "x-api-key": KEY },
    });
    expect(response.status).toBe(200);
  });

  test("asks for secrets only for an install that may read them", async () => {
    const fixture = createFixture({ install: { granted_capabilities: [] } });
    await fixture.call("GET", "/api/ext/install-1/");
    expect(fixture.executed[0]).not.toHaveProperty("secret_envelope");
  });

  test("answers 204 without a body whatever the handler sent along", async () => {
    const fixture = createFixture();
    fixture.execute = async () => answer({ status: 204 });
    const response = await fixture.call("DELETE", "/api/ext/install-1/");
    expect([response.status, await response.text()]).toEqual([204, ""]);
  });

  test("keeps the extension's own error statuses", async () => {
    const fixture = createFixture();
    fixture.execute = async () => answer({ status: 503 });
    const response = await fixture.call("GET", "/api/ext/install-1/");
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({ ok: true });
    expect(fixture.executions.list().items[0]).toMatchObject({ outcome: "succeeded", status: 503 });
  });
});

describe("every answer", () => {
  test("filters the handler's headers and guards the gateway's origin", async () => {
    const fixture = createFixture();
    fixture.execute = async () =>
      answer({
        headers: [
          { name: "Content-Type", value: "text/html" },
          { name: "Set-Cookie", value: "a=b" },
          { name: "X-Ext-Total", value: "3" },
          { name: "Cache-Control", value: "public, max-age=60" },
          { name: "X-Request-Id", value: "forged" },
          { name: "Content-Security-Policy", value: "default-src *" },
        ],
      });
    const { headers } = await fixture.call("GET", "/api/ext/install-1/", {
      headers: { "x-request-id": "mine-1" },
    });
    expect([...headers.keys()].sort()).toEqual([
      "content-length",
      "content-security-policy",
      "content-type",
      "referrer-policy",
      "x-content-type-options",
      "x-ext-total",
      "x-ratelimit-limit",
      "x-ratelimit-remaining",
      "x-ratelimit-reset",
      "x-request-id",
    ]);
    expect(headers.get("x-request-id")).toBe("mine-1");
    expect(headers.get("content-security-policy")).toContain("sandbox");
  });

  test.each(["ok-1._:~", "a".repeat(128)])("keeps the well-formed request id %s", async (id) => {
    const response = await createFixture().call("GET", "/api/ext/install-1/", {
      headers: { "x-request-id": id },
    });
    expect(response.headers.get("x-request-id")).toBe(id);
  });

  test.each(["", "a b", "a".repeat(129), "a/b", "é", "<script>"])(
    "replaces the request id %j",
    async (id) => {
      const response = await createFixture().call("GET", "/api/ext/install-1/", {
        headers: { "x-request-id": id },
      });
      expect(response.headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
    },
  );

  test("says when the install runs an unverified bundle, on errors too", async () => {
    const fixture = createFixture({ install: { signed: false } });
    expect((await fixture.call("GET", "/api/ext/install-1/")).headers.get("x-workbench-unsigned")).toBe(
      "true",
    );
    expect((await fixture.call("GET", "/api/ext/install-1/a//b")).headers.get("x-workbench-unsigned")).toBe(
      "true",
    );
  });
});

describe("the programmatic call", () => {
  test("gives the trace, the usage and the execution beside the response", async () => {
    const { gateway, executions } = createFixture();
    const result = await gateway.call({
      extension: "com.acme.hello",
      method: "GET",
      target: "/a",
      headers: [{ name: "x-api-key", value: KEY }],
    });
    expect(result.status).toBe(200);
    expect(result.usage.fuel).toBe(1_234);
    expect(result.trace.map(({ rule, outcome }) => [rule, outcome])).toEqual(
      [
        "authenticate",
        "tenant",
        "install",
        "version",
        "endpoint",
        "caller",
        "request_size",
        "request_headers",
        "rate",
        "concurrency",
        "quota",
        "execute",
        "response_status",
        "response_size",
        "response_headers",
      ].map((rule) => [rule, "allow"]),
    );
    expect(executions.get(result.execution_id ?? "")).toMatchObject({
      outcome: "succeeded",
      status: 200,
      usage: result.usage,
      trace: result.trace,
    });
  });

  test("with a caller given needs no credentials, and ignores those in the headers", async () => {
    const fixture = createFixture();
    const caller = {
      tenant: {
        id: "tenant-1",
        name: "T",
        is_development: true,
        unsigned_policy: "refuse" as const,
        limits: {},
      },
      user: {
        tenant_id: "tenant-1",
        user_id: "u9",
        user_email: "",
        user_name: "",
        user_type: "internal" as const,
        client_name: "",
        roles: ["read" as const],
      },
    };
    const result = await fixture.gateway.call({
      extension: "install-1",
      method: "GET",
      target: "/",
      headers: [{ name: "authorization", value: "nonsense" }],
      caller,
    });
    expect(result.status).toBe(200);
    expect(fixture.executed[0]?.user?.user_id).toBe("u9");
  });

  test("leaves nobody waiting for the signal of a caller that outlives many calls", async () => {
    const fixture = createFixture();
    const signals: AbortSignal[] = [];
    fixture.execute = async (_, signal) => {
      signals.push(signal);
      return answer();
    };
    await fixture.gateway.call({
      extension: "install-1",
      method: "GET",
      target: "/a",
      headers: [{ name: "x-api-key", value: KEY }],
      signal: new AbortController().signal,
    });
    expect(signals.map((signal) => getEventListeners(signal, "abort"))).toEqual([[]]);
  });

  test("that is given up rejects with the signal's reason and leaves an interrupted row", async () => {
    const fixture = createFixture();
    const giveUp = new AbortController();
    fixture.execute = (_, signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason));
        giveUp.abort(new Error("enough"));
      });
    const call = fixture.gateway.call({
      extension: "install-1",
      method: "GET",
      target: "/",
      headers: [{ name: "x-api-key", value: KEY }],
      signal: giveUp.signal,
    });
    await expect(call).rejects.toThrow("enough");
    expect(fixture.executions.list().items.map(({ outcome }) => outcome)).toEqual(["interrupted"]);
    expect(fixture.scopes.size).toBe(0);
  });
});
