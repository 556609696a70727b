import { describe, expect, test } from "vitest";
import { WorkbenchError } from "../../core/contract/errors.ts";
import { EXECUTE_ERROR_CODES } from "../../core/contract/execute.ts";
import { VERIFICATION_CODES } from "../../core/contract/verification.ts";
import { manifest } from "../policy/facts.ts";
import { answer, CLIENT_KEY, createFixture, errorOf, failure, KEY, READER_KEY } from "./fixture.ts";

const strict = manifest({ endpoints: [{ method: "GET", path: "/items" }] });

describe("refused before the runner is asked", () => {
  test.each([
    ["no credentials", 401, "unauthenticated", "GET", "/a", { authorization: "" }, {}],
    ["an unknown key", 401, "unauthenticated", "GET", "/a", { authorization: "Bearer nobody" }, {}],
    ["another scheme", 401, "unauthenticated", "GET", "/a", { authorization: `Basic ${KEY}` }, {}],
    ["two different keys", 401, "unauthenticated", "GET", "/a", { "x-api-key": READER_KEY }, {}],
    [
      "an overlong key",
      401,
      "unauthenticated",
      "GET",
      "/a",
      { authorization: `Bearer ${"k".repeat(600)}` },
      {},
    ],
    ["another tenant", 403, "tenant_mismatch", "GET", "/a", { "x-tenant-id": "tenant-2" }, {}],
    [
      "another tenant in the other header",
      403,
      "tenant_mismatch",
      "GET",
      "/a",
      { "x-alga-tenant": "tenant-2" },
      {},
    ],
    ["a disabled install", 404, "extension_not_installed", "GET", "/a", {}, { enabled: false }],
    ["an endpoint that is not listed", 404, "endpoint_not_found", "GET", "/other", {}, { manifest: strict }],
    ["a method that is not listed", 404, "endpoint_not_found", "POST", "/items", {}, { manifest: strict }],
    ["a reader who writes", 403, "forbidden", "POST", "/a", { authorization: `Bearer ${READER_KEY}` }, {}],
    [
      "a client without the portal hook",
      403,
      "forbidden",
      "GET",
      "/a",
      { authorization: `Bearer ${CLIENT_KEY}` },
      {},
    ],
    ["an encoded slash", 400, "malformed_request", "GET", "/a%2fb", {}, {}],
    ["a doubled slash", 400, "malformed_request", "GET", "//a", {}, {}],
    ["a bad idempotency key", 400, "malformed_request", "POST", "/a", { "x-idempotency-key": "a b" }, {}],
    ["headers over the cap", 413, "request_too_large", "GET", "/a", { "x-large": "v".repeat(2_000) }, {}],
    ["an unsupported method", 405, "method_not_allowed", "OPTIONS", "/a", {}, {}],
    [
      "an invalid version",
      502,
      "certificate_expired",
      "GET",
      "/a",
      {},
      { version_status: "invalid", invalid_code: "certificate_expired" },
    ],
  ] as const)("%s: %i %s", async (_, status, code, method, path, headers, install) => {
    const fixture = createFixture({ install });
    const response = await fixture.call(method, `/api/ext/install-1${path}`, { headers });
    expect(await errorOf(response)).toMatchObject({ status, code });
    expect(response.headers.get("x-request-id")).toBeTruthy();
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(fixture.executed).toEqual([]);
    const rows = fixture.executions.list().items;
    if (status === 401) {
      // Nobody can write into a tenant's record without its key.
      expect(rows).toEqual([]);
    } else {
      expect(rows).toMatchObject([{ outcome: "refused", status, code, tenant_id: "tenant-1" }]);
      expect(rows[0]?.trace.at(-1)).toMatchObject({ outcome: "deny", code });
    }
  });

  test("an extension that the tenant does not have is told like one that does not exist", async () => {
    const fixture = createFixture();
    for (const ref of ["nothing", "%ff", "a%2Fb", "constructor"]) {
      const { status, code } = await errorOf(await fixture.call("GET", `/api/ext/${ref}/a`));
      expect([status, code]).toEqual([404, "extension_not_installed"]);
    }
  });

  test("401 asks for a bearer token and 405 lists the methods", async () => {
    const fixture = createFixture();
    const anonymous = await fixture.gateway.app.request("http://localhost/api/ext/install-1/");
    expect(anonymous.headers.get("www-authenticate")).toBe("Bearer");
    const options = await fixture.call("OPTIONS", "/api/ext/install-1/");
    expect([options.status, options.headers.get("allow")]).toEqual([
      405,
      "HEAD, GET, POST, PUT, PATCH, DELETE",
    ]);
  });

  test("the error body has the design's form and carries the request id of the header", async () => {
    const response = await createFixture().call("GET", "/api/ext/nothing/", {
      headers: { "x-request-id": "r-1" },
    });
    expect(await response.json()).toEqual({
      error: { code: "extension_not_installed", message: expect.any(String) },
      request_id: "r-1",
    });
  });
});

describe("the request body", () => {
  function stream(chunks: number, size: number, onPull: () => void = () => {}): ReadableStream<Uint8Array> {
    let sent = 0;
    return new ReadableStream(
      {
        pull: (controller) => {
          onPull();
          if (sent === chunks) return controller.close();
          sent += 1;
          controller.enqueue(new Uint8Array(size));
        },
      },
      { highWaterMark: 0 },
    );
  }
  test("of exactly the cap is accepted", async () => {
    const fixture = createFixture();
    expect((await fixture.call("POST", "/api/ext/install-1/", streamed(stream(10, 10)))).status).toBe(200);
    expect(Buffer.from(fixture.executed[0]?.http.body_b64 ?? "", "base64")).toHaveLength(100);
  });

  test("over the cap is cut off while it streams", async () => {
    const fixture = createFixture();
    let pulls = 0;
    const body = stream(1_000_000, 10, () => {
      pulls += 1;
    });
    const response = await fixture.call("POST", "/api/ext/install-1/", streamed(body));
    expect(await errorOf(response)).toMatchObject({ status: 413, code: "request_too_large" });
    expect(response.headers.get("connection")).toBe("close");
    expect(pulls).toBeLessThan(20);
  });

  test("that is declared too large is not read at all", async () => {
    const fixture = createFixture();
    let pulls = 0;
    const body = stream(10, 10, () => {
      pulls += 1;
    });
    const result = await fixture.gateway.call({
      extension: "install-1",
      method: "POST",
      target: "/",
      headers: [
        { name: "x-api-key", value: KEY },
        { name: "content-length", value: "101" },
      ],
      body,
    });
    expect([result.status, pulls]).toEqual([413, 0]);
  });

  test("whose sender breaks off is malformed", async () => {
    const fixture = createFixture();
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.error(new Error("gone")),
    });
    expect(await errorOf(await fixture.call("POST", "/api/ext/install-1/", streamed(body)))).toMatchObject({
      status: 400,
      code: "malformed_request",
    });
  });
});

/** `duplex` is required by fetch for streamed bodies and missing in TypeScript's RequestInit. */
function streamed(body: ReadableStream<Uint8Array>): RequestInit {
  return { body, duplex: "half" } as RequestInit;
}

/** A body of which only the beginning comes, until its sender breaks off. */
function stall(signal?: AbortSignal): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start: (controller) => {
      controller.enqueue(new Uint8Array(1));
      signal?.addEventListener("abort", () => controller.error(new Error("broken off")));
    },
  });
}

describe("rate, concurrency and quota", () => {
  test("beyond the burst answers 429 with retry-after until a token is back", async () => {
    const fixture = createFixture();
    for (let call = 0; call < 3; call += 1) {
      expect((await fixture.call("GET", "/api/ext/install-1/")).status).toBe(200);
    }
    const refused = await fixture.call("GET", "/api/ext/install-1/");
    expect(refused.headers.get("retry-after")).toBe("1");
    expect(await errorOf(refused)).toMatchObject({ status: 429, code: "rate_limited" });
    fixture.now = new Date(fixture.now.getTime() + 1_000);
    expect((await fixture.call("GET", "/api/ext/install-1/")).status).toBe(200);
  });

  test("the third call at once is refused, costs no token, and a finished call frees its slot", async () => {
    const fixture = createFixture();
    const waiting: (() => void)[] = [];
    fixture.execute = () => new Promise((resolve) => waiting.push(() => resolve(answer())));
    const running = [fixture.call("GET", "/api/ext/install-1/"), fixture.call("GET", "/api/ext/install-1/")];
    const refused = await fixture.call("GET", "/api/ext/install-1/");
    expect(await errorOf(refused)).toMatchObject({ status: 429, code: "concurrency_exceeded" });
    expect(refused.headers.get("retry-after")).toBe("1");
    for (const finish of waiting) finish();
    expect((await Promise.all(running)).map(({ status }) => status)).toEqual([200, 200]);
    fixture.execute = async () => answer();
    expect((await fixture.call("GET", "/api/ext/install-1/")).status).toBe(200);
  });

  test("bodies that never end hold so much memory and no more, and make room when they break off", async () => {
    const fixture = createFixture();
    const senders = Array.from({ length: 8 }, () => new AbortController());
    const stalled = senders.map(({ signal }) =>
      fixture.call("POST", "/api/ext/install-1/", streamed(stall(signal))),
    );
    const refused = await fixture.call("POST", "/api/ext/install-1/", streamed(stall()));
    expect(refused.headers.get("connection")).toBe("close");
    expect(await errorOf(refused)).toMatchObject({ status: 429, code: "concurrency_exceeded" });
    expect((await fixture.call("GET", "/api/ext/install-1/")).status).toBe(200);
    for (const sender of senders) sender.abort();
    expect((await Promise.all(stalled)).map(({ status }) => status)).toEqual(Array(8).fill(400));
    expect((await fixture.call("POST", "/api/ext/install-1/", { body: "x" })).status).toBe(200);
  });

  test("used-up egress answers 429 until the minute ends, and the database remembers it", async () => {
    const fixture = createFixture();
    fixture.execute = async () => answer({ usage: { ...answer().usage, egress_bytes: 1_000 } });
    expect((await fixture.call("GET", "/api/ext/install-1/")).status).toBe(200);
    const refused = await fixture.call("GET", "/api/ext/install-1/");
    expect(refused.headers.get("retry-after")).toBe("50");
    expect(await errorOf(refused)).toMatchObject({ status: 429, code: "quota_exceeded" });
    fixture.now = new Date("2026-03-01T12:01:00.000Z");
    expect((await fixture.call("GET", "/api/ext/install-1/")).status).toBe(200);
  });

  test("an install's own figure wins over its tenant's", async () => {
    const fixture = createFixture({
      tenant: { limits: { rate_burst: 1 } },
      install: { limits: { rate_burst: 2 } },
    });
    const statuses: number[] = [];
    for (let call = 0; call < 3; call += 1)
      statuses.push((await fixture.call("GET", "/api/ext/install-1/")).status);
    expect(statuses).toEqual([200, 200, 429]);
  });
});

describe("failed in the runner", () => {
  const expected = {
    timeout: [504, "timeout"],
    memory_limit: [502, "memory_limit"],
    fuel_exhausted: [504, "fuel_exhausted"],
    quota_exceeded: [429, "quota_exceeded"],
    capability_denied: [403, "capability_denied"],
    bad_handler: [502, "bad_handler"],
    response_too_large: [502, "response_too_large"],
    signature_invalid: [502, "signature_invalid"],
    bundle_unavailable: [502, "bundle_unavailable"],
    internal: [502, "internal"],
  } as const satisfies Record<(typeof EXECUTE_ERROR_CODES)[number], readonly [number, string]>;

  test.each(EXECUTE_ERROR_CODES)("%s", async (code) => {
    const fixture = createFixture();
    fixture.execute = async () => failure({ code, message: "at handler (dist/main.wasm) secret-word" });
    const response = await fixture.call("GET", "/api/ext/install-1/");
    const text = await response.text();
    const body = JSON.parse(text);
    expect([response.status, body.error.code]).toEqual(expected[code]);
    if (code !== "response_too_large" && code !== "quota_exceeded") expect(text).not.toContain("secret-word");
    if (response.status === 429) expect(response.headers.get("retry-after")).toBe("50");
    const [row] = fixture.executions.list().items;
    expect(row).toMatchObject({ outcome: "failed", code, usage: { fuel: 99 } });
    expect(row?.trace.at(-1)?.detail).toContain("secret-word");
    expect(
      fixture.ledger.window({ scope: "install", id: "install-1" }, "minute", fixture.now).usage,
    ).toMatchObject({
      invocations: 1,
      errors: 1,
      fuel: 99,
    });
  });

  test.each(VERIFICATION_CODES)(
    "a bundle that fails with %s is marked invalid and answers with that code",
    async (code) => {
      const fixture = createFixture();
      fixture.execute = async () =>
        failure({ code: "signature_invalid", message: "no", verification_code: code });
      const {
        status,
        code: answered,
        message,
      } = await errorOf(await fixture.call("GET", "/api/ext/install-1/"));
      expect([status, answered, message]).toEqual([
        502,
        code,
        "The extension's bundle did not pass verification.",
      ]);
      expect(fixture.marked).toEqual([{ version: "version-1", code }]);
    },
  );

  test("an unknown verification code is signature_invalid", async () => {
    const fixture = createFixture();
    fixture.execute = async () =>
      failure({ code: "signature_invalid", message: "", verification_code: "made up" });
    expect(await errorOf(await fixture.call("GET", "/api/ext/install-1/"))).toMatchObject({
      code: "signature_invalid",
    });
  });

  test("an unreachable runner answers runner_unavailable", async () => {
    const fixture = createFixture();
    fixture.execute = async () => {
      throw new WorkbenchError({ code: "runner_unavailable", message: "connect ECONNREFUSED 127.0.0.1:4" });
    };
    expect(await errorOf(await fixture.call("GET", "/api/ext/install-1/"))).toEqual({
      status: 502,
      code: "runner_unavailable",
      message: "The extension runner cannot be reached.",
    });
  });

  test("anything else that is thrown answers internal and tells the developer's log, not the caller", async () => {
    const fixture = createFixture();
    fixture.execute = async () => {
      throw new TypeError("cannot read secret-word");
    };
    const response = await fixture.call("GET", "/api/ext/install-1/");
    const text = await response.text();
    expect([response.status, text.includes("secret-word")]).toEqual([502, false]);
    expect(JSON.parse(text).error.code).toBe("internal");
    expect(fixture.logged).toHaveLength(1);
  });

  test("a runner that does not answer is given up at the deadline", async () => {
    const deadline = new AbortController();
    const asked: number[] = [];
    const ended: number[] = [];
    const fixture = createFixture({
      install: { limits: { timeout_ms: 50 } },
      ports: {
        deadline: (ms) => {
          asked.push(ms);
          return { signal: deadline.signal, end: () => void ended.push(ms) };
        },
      },
    });
    fixture.execute = () => {
      queueMicrotask(() => deadline.abort(new DOMException("late", "TimeoutError")));
      return new Promise(() => {});
    };
    expect(await errorOf(await fixture.call("GET", "/api/ext/install-1/"))).toMatchObject({
      status: 504,
      code: "timeout",
    });
    expect([asked, ended]).toEqual([[30_050], [30_050]]);
    expect(fixture.scopes.size).toBe(0);
  });
});

describe("a response outside the contract", () => {
  test.each([
    ["status 99", { status: 99 }, "bad_handler"],
    ["status 101", { status: 101 }, "bad_handler"],
    ["status 600", { status: 600 }, "bad_handler"],
    ["a body that is not base64", { body_b64: "a?b=" }, "bad_handler"],
    ["a body with a broken end", { body_b64: "YQ" }, "bad_handler"],
    [
      "a header with a line break",
      { headers: [{ name: "x-ext-a", value: "1\r\nset-cookie: x" }] },
      "bad_handler",
    ],
    ["a header without a name", { headers: [{ name: "", value: "1" }] }, "bad_handler"],
    ["a body over the cap", { body_b64: Buffer.alloc(101).toString("base64") }, "response_too_large"],
  ])("%s is refused", async (_, overrides, code) => {
    const fixture = createFixture();
    fixture.execute = async () => answer(overrides);
    expect(await errorOf(await fixture.call("GET", "/api/ext/install-1/"))).toMatchObject({
      status: 502,
      code,
    });
    expect(fixture.executions.list().items[0]).toMatchObject({
      outcome: "failed",
      code,
      usage: { fuel: 1_234 },
    });
  });
});

describe("the record", () => {
  test("is begun before the runner is asked", async () => {
    const fixture = createFixture();
    let during: string[] = [];
    fixture.execute = async () => {
      during = fixture.executions.list().items.map(({ outcome }) => outcome);
      return answer();
    };
    await fixture.call("GET", "/api/ext/install-1/a?token=secret");
    expect(during).toEqual(["running"]);
    const [row] = fixture.executions.list().items;
    expect(row).toMatchObject({ outcome: "succeeded", path: "/a", method: "GET", install_id: "install-1" });
  });

  test("that cannot be begun stops the call", async () => {
    const fixture = createFixture();
    fixture.database.exec("DROP TABLE extension_execution_log");
    expect(await errorOf(await fixture.call("GET", "/api/ext/install-1/"))).toMatchObject({
      status: 502,
      code: "internal",
    });
    expect(fixture.executed).toEqual([]);
  });

  test("that cannot be finished does not change the answer", async () => {
    const fixture = createFixture();
    fixture.execute = async () => {
      fixture.database.exec("DROP TABLE extension_execution_log");
      return answer();
    };
    expect((await fixture.call("GET", "/api/ext/install-1/")).status).toBe(200);
    expect(fixture.logged).toHaveLength(1);
  });

  test("host calls are answered exactly while the execution runs", async () => {
    const fixture = createFixture();
    let during: unknown[] = [];
    fixture.execute = async ({ context }) => {
      during = [...fixture.scopes.keys()];
      expect(during).toEqual([context.execution_id]);
      expect(fixture.scopes.get(context.execution_id ?? "")).toMatchObject({
        tenant_id: "tenant-1",
        install_id: "install-1",
      });
      throw new Error("dies");
    };
    await fixture.call("GET", "/api/ext/install-1/");
    expect(during).toHaveLength(1);
    expect(fixture.scopes.size).toBe(0);
  });
});
