import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ContentHash } from "../../core/contract/content-hash.ts";
import { DEFAULT_LOG_LINES } from "../../core/contract/limits.ts";
import { buildTestComponent, COMPONENT_ENGINES } from "../support/components.ts";
import { EXTENSION } from "./support/extension-source.ts";
import { manifest, openRunnerHome, type RequestChange, type RunnerHome } from "./support/runner-home.ts";

const USER = {
  tenant_id: "tenant-a",
  user_id: "u1",
  user_email: "ann@example.com",
  user_name: "Ann",
  user_type: "client",
  client_name: "Acme",
  client_id: "c1",
  additional_fields: { team: "red" },
} as const;

let home: RunnerHome;
beforeAll(async () => {
  home = await openRunnerHome();
});
afterAll(() => home.close());

const body = (text: string) => ({ body_b64: Buffer.from(text).toString("base64") });

describe.each(COMPONENT_ENGINES)("a %s component in the runner", (engine) => {
  let hash: ContentHash;
  const call = (path: string, change: RequestChange = {}) =>
    home.call(hash, { ...change, http: { path, ...change.http } });

  beforeAll(async () => {
    const component = await buildTestComponent({ source: EXTENSION, engine });
    hash = await home.publish({ "manifest.json": manifest(), "dist/main.wasm": component });
  });

  it("answers with what its handler returned, from the request that was sent", async () => {
    const http = {
      method: "POST",
      query: "?a=1",
      headers: [{ name: "accept", value: "text/plain" }],
      ...body("hé"),
    };
    const called = await call("/echo", { http });
    expect(called).toMatchObject({
      status: 200,
      headers: [{ name: "content-type", value: "application/json" }],
      body: { method: "POST", url: "/echo?a=1", body: "hé", accept: "text/plain" },
    });
    expect(called.error).toBeUndefined();
  });

  it("reports fuel, peak memory, duration and host calls, and the same fuel for the same call", async () => {
    const first = await call("/context", { context: { request_id: "same-request" } });
    const second = await call("/context", { context: { request_id: "same-request" } });
    expect(first.usage).toMatchObject({ host_calls: 1, log_lines: 0, egress_bytes: 0 });
    expect(first.usage.fuel).toBeGreaterThan(1_000);
    expect(first.usage.memory_bytes % 65_536).toBe(0);
    expect(first.usage.memory_bytes).toBeGreaterThan(65_536);
    expect(first.usage.duration_ms).toBeGreaterThan(0);
    expect(second.usage.fuel).toBe(first.usage.fuel);
    expect(second.usage.memory_bytes).toBe(first.usage.memory_bytes);
  });

  it("starts every invocation from the same state", async () => {
    for (let call_ = 0; call_ < 3; call_++) expect((await call("/count")).body).toEqual({ counter: 1 });
  });

  it("knows its context, by function and in the request", async () => {
    const { body: answer } = await call("/context", { context: { request_id: "r1" } });
    const context = {
      requestId: "r1",
      tenantId: "tenant-a",
      extensionId: "registry",
      installId: "install-a",
      versionId: "version",
    };
    expect(answer).toEqual({ function: context, request: context });
  });

  it("knows who calls, in both versions of the interface, and that nobody does", async () => {
    const { body: answer } = await call("/user", { rest: { user: USER } });
    const v1 = {
      tenantId: "tenant-a",
      clientName: "Acme",
      userId: "u1",
      userEmail: "ann@example.com",
      userName: "Ann",
      userType: "client",
    };
    expect(answer).toEqual({
      v1: { ok: v1 },
      v2: { ok: { ...v1, clientId: "c1", additionalFields: [["team", "red"]] } },
    });
    expect((await call("/user")).body).toEqual({
      v1: { err: "not-available" },
      v2: { err: "not-available" },
    });
  });

  it("has its lines at the host when its answer is there", async () => {
    const { lines, usage } = await call("/log");
    expect(lines.map(({ level, stream, message }) => [level, stream, message])).toEqual([
      ["info", "log", "one"],
      ["warn", "log", "two"],
      ["error", "log", "three"],
    ]);
    expect(lines[0]).toMatchObject({
      tenant_id: "tenant-a",
      extension_id: "registry",
      install_id: "install-a",
      version_id: "version",
      content_hash: hash,
    });
    expect(usage.log_lines).toBe(3);
  });

  it("cannot flood the log", async () => {
    const { lines, status } = await call("/flood");
    expect(status).toBe(200);
    expect(lines).toHaveLength(DEFAULT_LOG_LINES + 1);
    expect(lines.at(-1)).toMatchObject({ stream: "host", message: expect.stringContaining("dropped 501 ") });
  });

  it("stores, reads, lists and deletes, with revisions as compare-and-set, and meets the limits", async () => {
    const { body: answer, lines } = await call("/storage", { rest: { providers: ["cap:storage.kv"] } });
    const one = { namespace: "n", key: "k", value: "one", revision: 1 };
    const two = { ...one, value: "two", revision: 2 };
    expect(answer).toEqual({
      put1: { ok: one },
      conflict: { err: "conflict" },
      put2: { ok: two },
      read: { ok: two },
      listed: { ok: [two] },
      tooLarge: { err: "denied" },
      removed: {},
      missing: { err: "missing" },
    });
    expect(lines.map(({ stream, message }) => [stream, message])).toEqual([
      ["host", expect.stringContaining("revision 1")],
      ["host", expect.stringContaining("the value is over")],
    ]);
  });

  it("is ended at its next question when its caller has gone, and writes no crash of its engine into the log", async () => {
    // As while a page is left: the host has let go of the execution, and the runner has not heard of that yet.
    const request = home.request(hash, {
      http: { path: "/storage" },
      rest: { providers: ["cap:storage.kv"] },
    });
    const { error, usage } = await home.client.execute(request);
    expect(error).toEqual({ code: "internal", message: "the caller gave the call up" });
    expect(usage.log_lines).toBe(0);
  });

  it("is refused what the install was not granted, in the interface's own words", async () => {
    const storage = await call("/storage");
    expect(storage.body).toMatchObject({ put1: { err: "denied" }, listed: { err: "denied" } });
    expect((await call("/fetch", { http: body("http://example.com/") })).body).toEqual({
      err: "not-allowed",
    });
    const secret = await call("/secret", { http: body("k") });
    expect(secret.body).toEqual({ value: { err: "denied" }, keys: { ok: [] } });
    expect(secret.lines[0]?.message).toContain("cap:secrets.get");
  });

  it.each([
    ["a loop", "/loop", { timeout_ms: 300 }, "timeout"],
    ["a fuel burner", "/burn", { fuel: 50_000_000 }, "fuel_exhausted"],
    ["an allocation bomb", "/hoard", { memory_mb: 64 }, "memory_limit"],
    ["a handler that throws", "/throw", {}, "bad_handler"],
    ["a status that is none", "/status", {}, "bad_handler"],
    ["a response over the cap", "/large", { response_body_bytes: 1_000 }, "response_too_large"],
  ])("ends %s with its code, and the next call works", async (_name, path, limits, code) => {
    const bad = await call(path, { limits, http: body(path === "/status" ? "199" : "1001") });
    expect(bad).toMatchObject({ status: 502, error: { code } });
    expect(bad.error?.message).not.toContain("secret detail");
    expect((await call("/count")).body).toEqual({ counter: 1 });
  });

  it("reports the fuel and the memory that a refused execution used", async () => {
    const fuel = 50_000_000;
    expect((await call("/burn", { limits: { fuel } })).usage.fuel).toBe(fuel);
    const { memory_bytes } = (await call("/hoard", { limits: { memory_mb: 64 } })).usage;
    expect(memory_bytes).toBeGreaterThan(32 * 1024 * 1024);
    expect(memory_bytes).toBeLessThanOrEqual(64 * 1024 * 1024);
  });

  it("reports what an execution used until its deadline", async () => {
    const { memory_bytes } = (await call("/context")).usage;
    const spun = await call("/spin", { limits: { timeout_ms: 500 } });
    expect(spun.error?.code).toBe("timeout");
    expect(spun.usage.fuel).toBeGreaterThan(1_000_000);
    // Nothing that is entered, nothing that looks on: what is known is from its start.
    const looped = await call("/loop", { limits: { timeout_ms: 300 } });
    expect(looped.error?.code).toBe("timeout");
    expect(looped.usage.memory_bytes).toBeGreaterThanOrEqual(memory_bytes);
  });

  it.each([
    ["a flood of headers", "/headers", "500", "response_too_large"],
    ["a greater flood of headers", "/headers", "5000", "response_too_large"],
    ["endless host calls", "/chatter", "", "quota_exceeded"],
    ["a host call with too much in it", "/big-call", "", "quota_exceeded"],
  ])("stops %s", async (_name, path, text, code) => {
    expect((await call(path, { http: body(text) })).error?.code).toBe(code);
    expect((await call("/count")).body).toEqual({ counter: 1 });
  });

  it("survives endless recursion", async () => {
    expect((await call("/recurse")).status).toBe(502);
    expect((await call("/count")).body).toEqual({ counter: 1 });
  });

  it("passes on safe response headers, drops the others and refuses malformed ones", async () => {
    const header = (name: string, value: string) =>
      call("/header", { http: body(JSON.stringify([name, value])) });
    expect((await header("X-Ext-Answer", "42")).headers).toEqual([{ name: "x-ext-answer", value: "42" }]);
    for (const name of ["set-cookie", "transfer-encoding", "location"])
      expect(await header(name, "x")).toMatchObject({ status: 200, headers: [] });
    for (const [name, value] of [
      ["x-ext-a", "one\r\nset-cookie: a=b"],
      ["x-ext a", "x"],
      ["", "x"],
    ] as const)
      expect((await header(name, value)).error?.code).toBe("bad_handler");
  });
});

describe("the runner", () => {
  it("printed nothing over all that", () => {
    expect(home.output).toEqual([]);
  });
});
