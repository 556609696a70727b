import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildProject, createProjectBuilder } from "../../../core/bundle/project/index.ts";
import type { Engine } from "../../../core/contract/project-config.ts";
import { writeProject } from "./folder.ts";
import { type Guest, startGuest } from "./guest.ts";

const ENGINES: Engine[] = ["quickjs", "starlingmonkey"];

/** Uses every host function in the runtime's style, and every global that an engine has to bring. */
const HOST_STYLE = `
import { callProxyJson, emptyResponse, type Handler, jsonResponse } from "@alga-psa/extension-runtime";
import { encode, failing } from "./parts.ts";

async function* counted() { yield 1; yield await Promise.resolve(2); }

export const handler: Handler = async (request, host) => {
  const path = new URL(request.http.url, "https://extension.example").pathname;
  if (path === "/empty") return emptyResponse();
  if (path === "/bare") return { status: 201 };
  if (path === "/random") return jsonResponse([Math.random(), crypto.randomUUID(), crypto.getRandomValues(new Uint32Array(2)).join()]);
  if (path === "/throws") throw new Error("handler failed");
  if (path === "/echo") return { status: 200, body: request.http.body ?? null };
  if (path === "/globals") {
    console.log("from console", { n: 1 });
    const numbers: number[] = [];
    for await (const n of counted()) numbers.push(n);
    return jsonResponse({
      numbers,
      all: await Promise.all([1, 2].map(async (n) => { await null; return n * 2; })),
      any: await Promise.any([Promise.reject(new Error("no")), 3]),
      settled: (await Promise.allSettled([failing()])).map((one) => one.status),
      url: new URL("https://ex\\u00e4mple.com/a b?x=1&y=2").href,
      query: new URLSearchParams("a=1&b=%20").get("b"),
      clone: structuredClone({ map: new Map([[1, 2]]) }).map.get(1),
      replaced: new TextDecoder().decode(Uint8Array.of(0xff, 0x41)),
      utf8: [...new TextEncoder().encode("\\u{1F600}")],
      base64: atob(btoa("abc")),
      random: Math.random() !== Math.random(),
      date: Date.now() > Date.UTC(2024, 0, 1),
    });
  }
  if (path === "/storage") {
    const before = await host.storage.get("ns", "a");
    for (const key of ["a", "b", "c", "d", "e"]) await host.storage.put({ namespace: "ns", key, value: encode(key) });
    await host.storage.delete("ns", "b");
    const conflict = await host.storage.put({ namespace: "ns", key: "a", value: encode("x"), revision: 99 }).then(() => null, (error) => error);
    const listed = await host.storage.list("ns");
    return jsonResponse({
      before,
      after: new TextDecoder().decode((await host.storage.get("ns", "a")) ?? undefined),
      keys: listed.map(({ key }) => key),
      revision: listed[0]?.revision,
      conflict: [conflict instanceof Error, conflict.message, conflict.payload],
    });
  }
  const outcome = async (promise: Promise<unknown>) => promise.then((value) => ({ value }), (error) => ({ error: error.message }));
  const fetched = await host.http.fetch({ method: "GET", url: "https://allowed.example/a", headers: [] });
  return jsonResponse({
    context: await host.context.get(),
    user: (await host.user.getUser()).userName,
    secret: await host.secrets.get("api_key"),
    secrets: await host.secrets.list(),
    noSecret: await outcome(host.secrets.get("other")),
    fetched: [fetched.status, fetched.headers, new TextDecoder().decode(fetched.body ?? undefined)],
    noFetch: await outcome(host.http.fetch({ method: "GET", url: "https://elsewhere.example/", headers: [] })),
    logged: await host.logging.warn("careful"),
    proxied: await callProxyJson(host.uiProxy, "/api/clients", { page: 1 }),
    schedules: await host.scheduler.list(),
    none: await host.scheduler.get("nope"),
    created: await host.scheduler.create({ endpoint: "POST /x", cron: "0 * * * *", payload: { a: [1] } }),
    updated: await host.scheduler.update("schedule-1", { name: null, payload: null }),
    deleted: await host.scheduler.delete("schedule-1"),
    endpoints: await host.scheduler.getEndpoints(),
  });
};
`;

const DIRECT_STYLE = `
import { logError } from "alga:extension/logging";
import { delete as remove, get, listEntries, put } from "alga:extension/storage";
import type { ExecuteRequest, ExecuteResponse } from "alga:extension/types";

export function handler(request: ExecuteRequest): ExecuteResponse {
  const first = put({ namespace: "n", key: "k", value: Uint8Array.of(1) });
  const second = put({ ...first, value: Uint8Array.of(2), revision: first.revision });
  logError(request.http.url);
  remove("n", "k");
  let missing: unknown;
  try { get("n", "k"); } catch (error) { missing = (error as { payload: unknown }).payload; }
  const text = JSON.stringify({ type: typeof second.revision, revision: String(second.revision), left: listEntries("n", undefined).length, missing });
  return { status: 200, headers: [], body: Uint8Array.from(text, (c) => c.charCodeAt(0)) };
}
`;

describe.each(ENGINES)("a handler built with %s", (engine) => {
  const root = mkdtempSync(join(tmpdir(), "workbench-styles-"));
  let guest: Guest;
  let hashes: string[];

  beforeAll(async () => {
    const files = {
      "src/handler.ts": HOST_STYLE,
      "src/parts.ts":
        'export const encode = (text: string) => new TextEncoder().encode(text);\nexport async function failing() { throw new Error("no"); }\n',
    };
    const first = await buildProject({ dir: writeProject(join(root, "first"), files), engine });
    const builder = createProjectBuilder();
    const dir = writeProject(join(root, "a second", "elsewhere"), {
      ...files,
      "src/parts.ts": `${files["src/parts.ts"]}Object.assign(globalThis, { another: "x".repeat(5_000) });\n`,
    });
    await builder.build({ dir, engine });
    writeProject(dir, files);
    const second = await builder.build({ dir, engine });
    await builder.dispose();
    hashes = [first, second].map(({ wasm }) => hashOf(wasm ?? ""));
    guest = await startGuest(first.wasm ?? "");
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it("has the same bytes when built by a warm toolchain, after another source and in another folder", () => {
    expect(hashes[0]).toBe(hashes[1]);
  });

  it("reaches every host function in the runtime package's style", async () => {
    const answer = await guest.call("GET", "/host");
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.text)).toMatchObject({
      context: { tenantId: "tenant-1", extensionId: "extension-1", requestId: "request-1" },
      user: "Ursula User",
      secret: "s3cret",
      secrets: ["api_key"],
      noSecret: { error: "secrets.get: denied" },
      fetched: [203, [{ name: "x-from", value: "https://allowed.example/a" }], "hi"],
      noFetch: { error: "http.fetch: not-allowed" },
      proxied: { route: "/api/clients", sent: '{"page":1}' },
      schedules: [{ id: "schedule-1", payload: { deep: [1] } }],
      none: null,
      created: { success: false, error: "refused", fieldErrors: { payload: '{"a":[1]}' } },
      updated: { success: true, error: '"" null' },
      deleted: { success: true },
      endpoints: [{ path: "/x", schedulable: true }],
    });
    expect(guest.log).toContain("warn careful");
  });

  it("answers null for a missing storage entry, lists past the first page and throws other errors", async () => {
    const answer = await guest.call("GET", "/storage");
    expect(JSON.parse(answer.text)).toEqual({
      before: null,
      after: "a",
      keys: ["a", "c", "d", "e"],
      revision: 1,
      conflict: [true, "storage.put: conflict", "conflict"],
    });
  });

  it("has the standard globals, promises and clocks", async () => {
    const answer = await guest.call("GET", "/globals");
    expect(JSON.parse(answer.text)).toEqual({
      numbers: [1, 2],
      all: [2, 4],
      any: 3,
      settled: ["rejected"],
      url: "https://xn--exmple-cua.com/a%20b?x=1&y=2",
      query: " ",
      clone: 2,
      replaced: "\uFFFDA",
      utf8: [0xf0, 0x9f, 0x98, 0x80],
      base64: "abc",
      random: true,
      date: true,
    });
    expect(guest.log.some((line) => line.includes("from console"))).toBe(true);
  });

  it("does not repeat its random numbers from call to call, though its making knew no entropy", async () => {
    const answers = [];
    for (let call = 0; call < 3; call += 1)
      answers.push(...JSON.parse((await guest.call("GET", "/random")).text));
    expect(answers[1]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(new Set(answers).size).toBe(9);
  });

  it("completes responses that leave out headers or say null for a body", async () => {
    expect(await guest.call("GET", "/empty")).toMatchObject({ status: 204, headers: [], text: "" });
    expect(await guest.call("GET", "/bare")).toMatchObject({ status: 201, headers: [], text: "" });
    expect(await guest.call("POST", "/echo", "körper")).toMatchObject({ status: 200, text: "körper" });
    expect(await guest.call("POST", "/echo")).toMatchObject({ text: "" });
  });

  it("traps when the handler throws", async () => {
    await expect(guest.call("GET", "/throws")).rejects.toThrow();
  });
});

describe("a handler that imports the host's interfaces itself", () => {
  const root = mkdtempSync(join(tmpdir(), "workbench-direct-"));
  let direct: Guest;

  beforeAll(async () => {
    const dir = writeProject(root, { "src/index.ts": DIRECT_STYLE });
    const { wasm } = await buildProject({ dir, engine: "quickjs" });
    direct = await startGuest(wasm ?? "");
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it("sees revisions as bigint, as the published types say", async () => {
    const answer = await direct.call("GET", "/direct");
    expect(JSON.parse(answer.text)).toEqual({ type: "bigint", revision: "2", left: 0, missing: "missing" });
    expect(direct.log).toContain("error /direct");
  });

  it("imports only the interfaces that its source uses", () => {
    const used = direct.imports.filter((name) => name.startsWith("alga:") && name !== "alga:extension/types");
    expect(used.sort()).toEqual(["alga:extension/logging", "alga:extension/storage"]);
    expect(direct.imports.join()).not.toContain("wasi:http");
    expect(direct.imports.join()).not.toContain("wasi:sockets");
  });

  it("burns the same fuel for the same request", async () => {
    const [first, second] = [await direct.call("GET", "/direct"), await direct.call("GET", "/direct")];
    expect(first.fuel).toBeGreaterThan(0);
    expect(second.fuel).toBe(first.fuel);
  });
});

const hashOf = (file: string) => createHash("sha256").update(readFileSync(file)).digest("hex");
