import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { packArchive } from "../../core/bundle/index.ts";
import type { ContentHash } from "../../core/contract/content-hash.ts";
import { readEnvironment } from "../../core/platform/environment.ts";
import { createLogger } from "../../core/platform/logger.ts";
import { ensureDevelopmentKey } from "../../core/wiring/development-key.ts";
import { openWorkbench, type Workbench } from "../../core/workbench.ts";
import { workbench as commandLine } from "../support/command-line.ts";
import { buildTestComponent } from "../support/components.ts";
import { type S3Server, startS3Server } from "../support/s3-server.ts";
import { suiteFolder, tempFolder } from "../support/temp.ts";

const NAME = "com.acme.shared";
const ANSWER = `export const handler = () => ({ status: 200, headers: [], body: new Uint8Array([111, 107]) });`;

const folder = suiteFolder();
let server: S3Server;
let first: Workbench;
let second: Workbench;
let archive: Uint8Array;
let signature: string;
let hash: ContentHash;

beforeAll(async () => {
  server = await startS3Server();
  first = await open("first");
  second = await open("second");
  archive = await packArchive([
    {
      path: "manifest.json",
      bytes: Buffer.from(JSON.stringify({ name: NAME, version: "1.0.0", runtime: "wasm-js@1" })),
    },
    { path: "dist/main.wasm", bytes: await buildTestComponent({ source: ANSWER, engine: "quickjs" }) },
  ]);
  const tenantId = first.tenantId(undefined);
  const key = await ensureDevelopmentKey({ ...first, tenantId, now: new Date() });
  ({ signature, contentHash: hash } = await first.sign(archive, key.id));
  await second.trust.add({ pem: first.keystore.get(key.id).certificate_chain_pem, note: "the team's" });
});
afterEach(() => server.fail(undefined));
afterAll(() => Promise.all([first.dispose(), second.dispose()]));

async function open(name: string): Promise<Workbench> {
  const workbench = await openWorkbench({
    environment: readEnvironment({ BUNDLE_STORE: server.url }, process.platform, {
      home: join(folder, name),
    }),
    logger: createLogger("silent"),
  });
  await workbench.runner.start();
  return workbench;
}

async function publishAndInstall(workbench: Workbench): Promise<void> {
  const tenantId = workbench.tenantId(undefined);
  await workbench.registry.publish({ archive, signature, tenantId });
  await workbench.registry.install({ ref: NAME, tenantId });
}

async function call(workbench: Workbench) {
  const tenantId = workbench.tenantId(undefined);
  const result = await workbench.call({ tenantId, ref: NAME, method: "GET", path: "/", headers: [] });
  const { status, body } = result;
  return { status, body: Buffer.from(body ?? []).toString() };
}

const cachedFile = (workbench: Workbench, name = "bundle.tar.zst") =>
  join(workbench.paths.objects, "sha256", hash.slice("sha256:".length), name);
const sharedKey = () => `dev/sha256/${hash.slice("sha256:".length)}/bundle.tar.zst`;
const away = () => server.fail((request) => request.destroy());

describe("two workbenches over one bucket", () => {
  it("publish, install and call the same bundle, which lies there once", async () => {
    await publishAndInstall(first);
    await publishAndInstall(second);
    expect(server.keys().filter((key) => key.endsWith(".zst"))).toEqual([sharedKey()]);
    expect(await call(first)).toEqual({ status: 200, body: "ok" });
    expect(await call(second)).toEqual({ status: 200, body: "ok" });
  });

  it("bring back what one of them has lost, before the runner looks for it", async () => {
    rmSync(second.paths.objects, { recursive: true });
    expect(await call(second)).toEqual({ status: 200, body: "ok" });
    expect(existsSync(cachedFile(second, "SIGNATURE"))).toBe(true);
    writeFileSync(cachedFile(second), "rotten");
    expect(await call(second)).toEqual({ status: 200, body: "ok" });
  });

  it("leave each other's bundles alone when they collect garbage", async () => {
    const late = new Date(Date.now() + 10 * 3_600_000);
    const third = await openWorkbench({
      environment: readEnvironment({ BUNDLE_STORE: server.url }, process.platform, { home: tempFolder() }),
      logger: createLogger("silent"),
      clock: { now: () => late },
    });
    await third.registry.collectGarbage();
    expect(await third.registry.collectGarbage()).toEqual([]);
    await third.dispose();
    expect(server.keys()).toContain(sharedKey());
  });

  it("go on with what they have while the bucket is away, and say what they cannot do", async () => {
    away();
    expect(await call(first)).toEqual({ status: 200, body: "ok" });
    const tenantId = first.tenantId(undefined);
    await first.trustChanged();
    expect(first.registry.resolveInstall(tenantId, NAME)?.version_status).toBe("valid");
    await expect(first.registry.publish({ archive, signature, tenantId })).rejects.toMatchObject({
      code: "store_unreachable",
      hint: expect.stringContaining("BUNDLE_STORE"),
    });
    rmSync(cachedFile(second));
    const refused = await call(second);
    expect(refused).toMatchObject({ status: 502, body: expect.stringContaining("bundle_unavailable") });
    server.fail(undefined);
    expect(await call(second)).toEqual({ status: 200, body: "ok" });
  });

  it("refuse a bundle of which a byte has been changed in the bucket", async () => {
    const file = server.file(sharedKey());
    const good = readFileSync(file);
    const bad = Buffer.from(good);
    bad[bad.byteLength - 1] = (bad.at(-1) ?? 0) ^ 1;
    writeFileSync(file, bad);
    expect(await call(first)).toEqual({ status: 200, body: "ok" });
    rmSync(cachedFile(second));
    expect(await call(second)).toMatchObject({
      status: 502,
      body: expect.stringContaining("digest_mismatch"),
    });
    const tenantId = first.tenantId(undefined);
    await expect(first.registry.publish({ archive, signature, tenantId })).rejects.toMatchObject({
      code: "object_corrupt",
    });
    writeFileSync(file, good);
    await second.registry.reverify();
    expect(await call(second)).toEqual({ status: 200, body: "ok" });
  });
});

describe("doctor", () => {
  const found = async (env: NodeJS.ProcessEnv) => {
    const cwd = tempFolder();
    const outcome = await commandLine(["doctor", "--json"], { cwd, home: join(cwd, "home"), env });
    return outcome.json();
  };
  const check = (status: string, detail: string) => ({
    checks: expect.arrayContaining([
      expect.objectContaining({ name: "bundle_store", status, detail: expect.stringContaining(detail) }),
    ]),
  });

  it("says whether the bucket answers", async () => {
    expect(await found({ BUNDLE_STORE: server.url })).toMatchObject(check("pass", server.endpoint));
    away();
    expect(await found({ BUNDLE_STORE: server.url })).toMatchObject(check("fail", "does not answer"));
  });

  it.each([
    "s3://",
    "s3://UPPER/x",
    "s3://user:secret@bundles",
    "s3://bundles?secret=x",
    "s3://bundles/../x?endpoint=ftp://x",
  ])("refuses %s as a place, without repeating it", async (store) => {
    const cwd = tempFolder();
    const outcome = await commandLine(["keys", "list", "--json"], {
      cwd,
      home: join(cwd, "home"),
      env: { BUNDLE_STORE: store },
    });
    expect(outcome.code).toBe(4);
    expect(outcome.json()).toMatchObject({ error: { code: "environment_invalid" } });
    expect(outcome.stdout).not.toContain("secret@");
  });
});
