import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Capability } from "../../core/contract/capability.ts";
import type { ContentHash } from "../../core/contract/content-hash.ts";
import { sealEnvelope } from "../../core/secrets/envelope.ts";
import { buildTestComponent, COMPONENT_ENGINES } from "../support/components.ts";
import { EXTENSION } from "./support/extension-source.ts";
import { manifest, openRunnerHome, type RunnerHome, SERVICE_TOKEN } from "./support/runner-home.ts";

/** Calls every function of the interfaces that a host answers. */
const UNSERVED = `
import { callRoute } from "alga:extension/ui-proxy";
import * as scheduler from "alga:extension/scheduler";
import { createManualInvoice } from "alga:extension/invoicing";
import { listClients, getClient } from "alga:extension/clients";
import { listServices, getService } from "alga:extension/services";
import { record } from "alga:extension/metrics";

const attempt = (run) => { try { return { ok: run() }; } catch (error) { return { err: error.payload }; } };
const calls = {
  callRoute: () => callRoute("/x", undefined),
  listSchedules: () => scheduler.listSchedules(),
  getSchedule: () => scheduler.getSchedule("s"),
  createSchedule: () => scheduler.createSchedule({ endpoint: "GET /x", cron: "* * * * *" }),
  updateSchedule: () => scheduler.updateSchedule("s", {}),
  deleteSchedule: () => scheduler.deleteSchedule("s"),
  getEndpoints: () => scheduler.getEndpoints(),
  createManualInvoice: () => createManualInvoice({ clientId: "c", items: [] }),
  listClients: () => listClients({}),
  getClient: () => getClient("c"),
  listServices: () => listServices({}),
  getService: () => getService("s"),
};
export function handler({ http }) {
  if (http.url === "/metric") record("m", "counter", 1, []);
  if (http.url === "/metrics") for (let i = 0; i < 300; i++) record("m" + i, "counter", 1, []);
  const answers = Object.fromEntries(Object.entries(calls).map(([name, run]) => [name, attempt(run)]));
  const body = Uint8Array.from(JSON.stringify(answers), (c) => c.charCodeAt(0));
  return { status: 200, headers: [], body };
}
`;

let home: RunnerHome;
let port: number;
const server = createServer((request, response) => {
  if (request.url === "/mirror") void request.pipe(response.writeHead(201));
  else if (request.url === "/large") response.end("x".repeat(300_000));
  else if (request.url !== "/hang") response.setHeader("x-path", request.url ?? "").end("answer");
});

beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  port = (server.address() as AddressInfo).port;
  home = await openRunnerHome();
});
afterAll(async () => {
  await home.close();
  server.closeAllConnections();
  server.close();
});

const body = (text: string) => ({ body_b64: Buffer.from(text).toString("base64") });
const publish = async (source: string, engine: (typeof COMPONENT_ENGINES)[number], stubWasi = true) =>
  home.publish({
    "manifest.json": manifest(),
    "dist/main.wasm": await buildTestComponent({ source, engine, stubWasi }),
  });

describe.each(COMPONENT_ENGINES)("the host API for a %s component", (engine) => {
  let extension: ContentHash;
  let unserved: ContentHash;
  beforeAll(async () => {
    extension = await publish(EXTENSION, engine);
    unserved = await publish(UNSERVED, engine);
  });

  const secret = (key: string, change: { expiresIn?: number; token?: string; sealedFor?: string } = {}) => {
    const context = { request_id: `secret-${Math.random()}`, execution_id: "secret-call" };
    const envelope = sealEnvelope(
      new Map([
        ["api-key", "s3cret"],
        ["other", "x"],
      ]),
      change.token ?? SERVICE_TOKEN,
      { install_id: change.sealedFor ?? "install-a", ...context },
      new Date(Date.now() + (change.expiresIn ?? 60_000)),
    );
    const rest = { providers: ["cap:secrets.get" as Capability], secret_envelope: envelope };
    return home.call(extension, { http: { path: "/secret", ...body(key) }, context, rest });
  };

  it("opens the install's secrets, and says nothing of them anywhere else", async () => {
    const found = await secret("api-key");
    expect(found.body).toEqual({ value: { ok: "s3cret" }, keys: { ok: ["api-key", "other"] } });
    expect((await secret("none")).body).toMatchObject({ value: { err: "missing" } });
    expect(JSON.stringify([home.lines, home.output])).not.toContain("s3cret");
  });

  it("does not open an envelope that has expired, or was sealed by another or for another", async () => {
    expect((await secret("api-key", { expiresIn: -1 })).body).toEqual({
      value: { err: "expired" },
      keys: { ok: [] },
    });
    for (const change of [{ token: "another token" }, { sealedFor: "install-b" }])
      expect((await secret("api-key", change)).body).toEqual({
        value: { err: "internal" },
        keys: { ok: [] },
      });
  });

  const fetch = (url: string, change: { allowlist?: string[]; timeout_ms?: number } = {}) =>
    home.call(extension, {
      http: { path: "/fetch", ...body(url) },
      limits: { timeout_ms: change.timeout_ms ?? 20_000 },
      rest: {
        providers: ["cap:http.fetch"],
        egress_allowlist: change.allowlist ?? [`127.0.0.1:${port}`],
      },
    });

  it("fetches from where the install may, and counts the bytes", async () => {
    const called = await fetch(`http://127.0.0.1:${port}/path`);
    expect(called.body).toMatchObject({ ok: { status: 200, body: "answer" } });
    expect(JSON.stringify(called.body)).toContain('{"name":"x-path","value":"/path"}');
    expect(called.usage.egress_bytes).toBeGreaterThan(100);
  });

  it("says why a fetch was refused: to the extension by its code, to its developer in the log", async () => {
    const refused = await fetch(`http://127.0.0.1:${port}/`, { allowlist: [] });
    expect(refused.body).toEqual({ err: "not-allowed" });
    expect(refused.lines).toMatchObject([
      {
        stream: "host",
        level: "warn",
        message: expect.stringContaining("127.0.0.1 is not on the egress allowlist"),
      },
    ]);
    expect((await fetch("no url")).body).toEqual({ err: "invalid-url" });
    expect((await fetch("http://127.0.0.1:1/", { allowlist: ["127.0.0.1:1"] })).body).toEqual({
      err: "transport",
    });
  });

  it("ends at the deadline in the middle of a host call, and the next call works", async () => {
    const late = await fetch(`http://127.0.0.1:${port}/hang`, { timeout_ms: 300 });
    expect(late).toMatchObject({ status: 502, error: { code: "timeout" }, usage: { host_calls: 1 } });
    // What it sent until then is counted, though nobody has closed the connection yet.
    expect(late.usage.egress_bytes).toBeGreaterThan(0);
    expect((await home.call(extension, { http: { path: "/count" } })).body).toEqual({ counter: 1 });
  });

  it("links every other interface and refuses in its words what was not granted", async () => {
    const errors = (answers: unknown) =>
      Object.entries(answers as Record<string, { ok?: { success: boolean }; err?: string }>).map(
        ([name, { ok, err }]) => [name, err ?? ok?.success],
      );
    const expected = [
      ["callRoute", "denied"],
      ["listSchedules", "denied"],
      ["getSchedule", "denied"],
      ["createSchedule", false],
      ["updateSchedule", false],
      ["deleteSchedule", false],
      ["getEndpoints", "denied"],
      ["createManualInvoice", false],
      ["listClients", "not-allowed"],
      ["getClient", "not-allowed"],
      ["listServices", "not-allowed"],
      ["getService", "not-allowed"],
    ];
    expect(errors((await home.call(unserved)).body)).toEqual(expected);
  });

  it("ends the call where a function has no way to say no", async () => {
    const denied = await home.call(unserved, { http: { path: "/metric" } });
    expect(denied.error).toEqual({
      code: "capability_denied",
      message: expect.stringContaining("cap:metrics.emit"),
    });
  });

  it("is told why the host keeps nothing more of it, and not for ever", async () => {
    const change = { http: { path: "/metrics" }, rest: { providers: ["cap:metrics.emit" as Capability] } };
    const { status, lines, usage } = await home.call(unserved, change);
    expect([status, usage.host_calls]).toEqual([200, 312]);
    expect(lines[0]?.message).toMatch(/^metrics: dropped a sample: an install has at most/);
    const notes = lines.filter(({ message }) => message.startsWith("metrics: "));
    expect(notes.length).toBeLessThanOrEqual(20);
  });
});

/** Uses the engine's own `fetch`; the request's body says with what. */
const ENGINE_FETCH = `
export async function handler({ http }) {
  const asked = JSON.parse(new TextDecoder().decode(http.body));
  const answers = await Promise.all(asked.map(async ([url, init]) => {
    try {
      const response = await fetch(url, init);
      const body = await response.text();
      return { status: response.status, length: body.length, end: body.slice(-40), from: response.headers.get("x-path") };
    } catch (error) { return { failed: String(error?.message ?? error) }; }
  }));
  return { status: 200, headers: [], body: new TextEncoder().encode(JSON.stringify(answers)) };
}
`;

describe("wasi:http for an engine's own fetch", () => {
  let extension: ContentHash;
  beforeAll(async () => {
    extension = await home.publish({
      "manifest.json": manifest(),
      "dist/main.wasm": await buildTestComponent({
        source: ENGINE_FETCH,
        engine: "starlingmonkey",
        disableFeatures: ["fetch-event"],
      }),
    });
  });

  const fetchAll = (asked: readonly (readonly [string, object?])[], rest: object) =>
    home.call(extension, { http: { method: "POST", ...body(JSON.stringify(asked)) }, rest });
  const permitted = () => ({ providers: ["cap:http.fetch"], egress_allowlist: [`127.0.0.1:${port}`] });

  it("goes where http.fetch may go, with bodies both ways, and is counted as its calls", async () => {
    const origin = `http://127.0.0.1:${port}`;
    const called = await fetchAll(
      [
        [`${origin}/path?x=1`],
        [`${origin}/mirror`, { method: "POST", body: "ü".repeat(100_000) }],
        [`${origin}/large`],
      ],
      permitted(),
    );
    expect(called.body).toEqual([
      { status: 200, length: 6, end: "answer", from: "/path?x=1" },
      { status: 201, length: 100_000, end: "ü".repeat(40), from: null },
      { status: 200, length: 300_000, end: "x".repeat(40), from: null },
    ]);
    expect(called.usage.host_calls).toBe(3);
    expect(called.usage.egress_bytes).toBeGreaterThan(700_000);
  });

  it("is refused where http.fetch is refused, as a failed fetch and with the reason in the log", async () => {
    const refused = await fetchAll(
      [[`http://127.0.0.1:${port + 1}/`], ["http://127.0.0.1.:x/"]],
      permitted(),
    );
    expect(refused.body).toEqual([{ failed: expect.any(String) }, { failed: expect.any(String) }]);
    expect(refused.lines.map(({ message }) => message).join("\n")).toContain("egress allowlist");
    const denied = await fetchAll([[`http://127.0.0.1:${port}/`]], { ...permitted(), providers: [] });
    expect(denied.body).toEqual([{ failed: expect.any(String) }]);
    expect(denied.lines[0]?.message).toContain("cap:http.fetch");
  });
});

describe("WASI for a component that imports it", () => {
  it("gives StarlingMonkey time, randomness, timers and standard output", async () => {
    const hash = await publish(
      `export async function handler() {
         console.log("to stdout"); console.error("to stderr");
         const before = Date.now();
         await new Promise((resolve) => setTimeout(resolve, 30));
         const random = [crypto.randomUUID(), crypto.randomUUID()];
         const body = JSON.stringify({ now: Date.now(), waited: Date.now() - before, random });
         return { status: 200, headers: [], body: new TextEncoder().encode(body) };
       }`,
      "starlingmonkey",
    );
    const called = await home.call(hash);
    const answer = called.body as { now: number; waited: number; random: string[] };
    expect(Math.abs(answer.now - Date.now())).toBeLessThan(60_000);
    expect(answer.waited).toBeGreaterThanOrEqual(29);
    expect(new Set(answer.random).size).toBe(2);
    expect(called.lines.map(({ stream, message }) => [stream, message])).toEqual([
      ["stdout", "to stdout"],
      ["stderr", "to stderr"],
    ]);
  });

  it("gives QuickJS time, and says in the log what its handler threw", async () => {
    const hash = await publish(
      `export function handler({ http }) {
         if (http.url === "/throw") throw new Error("what went wrong");
         return { status: 200, headers: [], body: Uint8Array.from(String(Date.now()), (c) => c.charCodeAt(0)) };
       }`,
      "quickjs",
      false,
    );
    expect(Math.abs(Number((await home.call(hash)).body) - Date.now())).toBeLessThan(60_000);
    const thrown = await home.call(hash, { http: { path: "/throw" } });
    expect(thrown.error?.code).toBe("bad_handler");
    expect(thrown.lines.map(({ stream, message }) => `${stream} ${message}`).join("\n")).toMatch(
      /^stderr .*what went wrong/m,
    );
  });
});
