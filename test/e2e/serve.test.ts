import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type { ReadyLine } from "../../core/host-process.ts";
import { readEnvironment } from "../../core/platform/environment.ts";
import { createLogger } from "../../core/platform/logger.ts";
import { openWorkbench, type Workbench } from "../../core/workbench.ts";
import { childrenOf, isAlive } from "../support/child-processes.ts";
import { openRpcSocket } from "../support/rpc-socket.ts";
import { suiteFolder } from "../support/temp.ts";
import { createPublisher, NAME } from "./gateway-host.ts";

const MAIN = join(import.meta.dirname, "..", "..", "core", "cli", "main.ts");
const isPosix = process.platform !== "win32";
const SERVICE_TOKEN = "service-token-of-this-suite";
const SECRET = "secret-value-of-this-suite";
const home = join(suiteFolder(), "home");

interface Serve {
  readonly child: ChildProcess;
  readonly ready: ReadyLine;
  /** Everything that it has printed after its first line. */
  output(): string;
}

/** `workbench serve` as a process of its own, saying all that it has to say. */
async function serve(): Promise<Serve> {
  const child = spawn(process.execPath, [MAIN, "serve", "--home", home, "--json"], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, WORKBENCH_LOG_LEVEL: "debug", RUNNER_SERVICE_TOKEN: SERVICE_TOKEN },
  });
  const printed: string[] = [];
  child.stderr.on("data", (chunk: Buffer) => printed.push(chunk.toString()));
  const lines = createInterface({ input: child.stdout });
  const [first] = await Promise.race([
    once(lines, "line"),
    once(child, "exit").then(() => Promise.reject(new Error(printed.join("")))),
  ]);
  lines.on("line", (line) => printed.push(line));
  // Our own process's one line.
  return { child, ready: JSON.parse(String(first)) as ReadyLine, output: () => printed.join("") };
}

/** Another process on the same home, as a command beside `serve` is. */
function openBeside(): Promise<Workbench> {
  const environment = readEnvironment({}, process.platform, { home });
  return openWorkbench({ environment, logger: createLogger("silent") });
}

let running: Serve;
let beside: Workbench;
let publisher: Awaited<ReturnType<typeof createPublisher>>;

beforeAll(async () => {
  running = await serve();
  beside = await openBeside();
  publisher = await createPublisher(beside);
  const { version } = await publisher.publish();
  const tenantId = beside.tenantId(undefined);
  await beside.registry.install({ ref: NAME, tenantId, version, secrets: { k: SECRET } });
});
afterAll(async () => {
  running?.child.kill("SIGKILL");
  await beside?.dispose();
});

const key = () => running.ready.tenants[0]?.api_key ?? "";
const call = (path: string, init: RequestInit = {}) =>
  fetch(`${running.ready.url}/api/ext/${NAME}${path}`, { headers: { "x-api-key": key() }, ...init });

describe("a command beside a running serve", () => {
  it("publishes, installs and sets secrets, and the next call has them", async () => {
    const response = await call("/secret", { method: "POST", body: "k" });
    expect(await response.json()).toEqual({ value: { ok: SECRET }, keys: { ok: ["k"] } });
  });

  it("withdraws trust, and neither a call nor an asset passes any more", async () => {
    const { registry, keystore, trust } = beside;
    const target = { ref: NAME, tenantId: beside.tenantId(undefined) };
    const before = registry.getInstall(target).version;
    const signer = await keystore.generate({ algorithm: "ecdsa-p256", subject: "CN=Withdrawn" });
    const [entry] = trust.add({ pem: keystore.exportCertificate(signer.id), tenants: null });
    const { version, registry_id, content_hash } = await publisher.publish(signer.id);
    await registry.update({ ...target, version });
    const asset = `${running.ready.runner_url}/ext-ui/${registry_id}/${content_hash}/index.html`;
    expect([(await fetch(asset)).status, (await call("/count")).status]).toEqual([200, 200]);
    trust.remove(entry?.id ?? "");
    // Not even judged again: the runner that serves the asset must learn of it by itself.
    await expect.poll(async () => (await fetch(asset)).status, { timeout: 5_000 }).toBe(502);
    await registry.reverify();
    const refused = await call("/count");
    expect([refused.status, await refused.json()]).toMatchObject([
      502,
      { error: { code: "untrusted_signer" } },
    ]);
    await registry.update({ ...target, version: before });
    expect((await call("/count")).status).toBe(200);
  });
});

describe("what serve prints at its most talkative", () => {
  it("holds no token, key or secret, whatever is refused and whatever fails", async () => {
    const { url, token, runner_url } = running.ready;
    const authorization = `Bearer ${token}`;
    const requests: [string, RequestInit][] = [
      [`${url}/?token=${token}`, {}],
      [`${url}/api/ext/${NAME}/throw?key=${SECRET}`, { headers: { "x-api-key": key() } }],
      [`${url}/api/ext/${NAME}/count`, { headers: { "x-api-key": `${key()}x`, authorization } }],
      [`${url}/api/ext-bundles/finalize`, { method: "POST", body: SECRET, headers: { "x-api-key": key() } }],
      [
        `${runner_url}/v1/execute`,
        { method: "POST", body: "{", headers: { authorization: `Bearer ${SERVICE_TOKEN}` } },
      ],
    ];
    for (const [address, init] of requests) {
      const response = await fetch(address, { redirect: "manual", ...init });
      const text = await response.text();
      expect(text).not.toMatch(/\/core\/|node_modules|\n\s+at /);
      for (const secret of [token, key(), SERVICE_TOKEN]) expect(text).not.toContain(secret);
    }
    const page = openRpcSocket(url, token);
    const answered = await (await page.rpc("invoke", { [SECRET]: 1 })).text();
    await page.close();
    expect(answered).toContain("malformed_request");
    expect(answered).not.toMatch(/\/core\/|node_modules|\n\s+at /);
    const refused = new WebSocket(`${url.replace(/^http/, "ws")}/rpc?connectionParams=1`);
    refused.addEventListener("open", () => refused.send(JSON.stringify({ data: { token: key() } })));
    await new Promise((resolve) => refused.addEventListener("close", resolve));
    const boxKey = readFileSync(beside.paths.boxKey);
    const secrets = [token, key(), SERVICE_TOKEN, SECRET, boxKey.toString("hex"), boxKey.toString("base64")];
    for (const secret of secrets) expect(running.output()).not.toContain(secret);
    // What is sealed lies nowhere in the clear either, the write-ahead log included.
    for (const suffix of ["", "-wal"]) {
      const stored = readFileSync(beside.paths.database + suffix);
      for (const secret of [SECRET, key(), token, SERVICE_TOKEN]) expect(stored.includes(secret)).toBe(false);
    }
  });
});

describe.runIf(isPosix)("a serve that is killed", () => {
  it("leaves no runner behind, and its open executions are interrupted at the next start", async () => {
    const target = { ref: NAME, tenantId: beside.tenantId(undefined) };
    beside.registry.configure({ ...target, limits: { timeout_ms: 60_000, fuel: Number.MAX_SAFE_INTEGER } });
    const broken = call("/loop").catch((error: unknown) => error);
    const open = () => beside.executions.list({ outcome: "running" }).items;
    await expect.poll(() => open().length, { timeout: 10_000 }).toBe(1);
    const [row] = open();
    const [runner = 0] = childrenOf(running.child.pid ?? 0, "core/runner/process/main");
    expect(isAlive(runner)).toBe(true);
    running.child.kill("SIGKILL");
    expect(await broken).toBeInstanceOf(Error);
    await expect.poll(() => isAlive(runner), { timeout: 10_000 }).toBe(false);
    expect(beside.executions.get(row?.id ?? "")?.outcome).toBe("running");

    // As a clock that jumped and came back leaves it.
    const { version_id } = beside.registry.getInstall(target);
    beside.registry.markInvalid(version_id, "certificate_not_yet_valid", target.tenantId);
    running = await serve();
    expect(beside.registry.getInstall(target).version_status).toBe("valid");
    expect(beside.executions.get(row?.id ?? "")).toMatchObject({ outcome: "interrupted" });
    expect((await call("/count")).status).toBe(200);
    onTestFinished(() => expect(beside.executions.list({ outcome: "running" }).items).toEqual([]));
  });

  it("ends cleanly when it is told to, its runner too", async () => {
    const [runner = 0] = childrenOf(running.child.pid ?? 0, "core/runner/process/main");
    const exited = once(running.child, "exit");
    running.child.kill("SIGTERM");
    expect(await exited).toEqual([0, null]);
    expect(isAlive(runner)).toBe(false);
  });
});
