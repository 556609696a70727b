/**
 * `node test/bench/spine.ts [--json]`: archive, sign, verify, publish, first and warm invocation in one process, each
 * beside the machine's own floor for that work in the same run. Medians and ratios are what can be compared between
 * machines.
 */
import { createHash, generateKeyPairSync, randomBytes, sign, verify } from "node:crypto";
import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { availableParallelism, cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { constants, zstdCompressSync } from "node:zlib";
import { packArchive } from "../../core/bundle/index.ts";
import { readEnvironment } from "../../core/platform/environment.ts";
import { createLogger } from "../../core/platform/logger.ts";
import { openWorkbench, type Workbench } from "../../core/workbench.ts";
import { buildTestComponent } from "../support/components.ts";
import { startEcho } from "./echo.ts";
import { type Figure, measure, quantile } from "./measure.ts";

const HANDLER = `
export function handler(request) {
  return { status: 200, headers: [{ name: "content-type", value: "application/json" }], body: undefined };
}`;
const FIRST_CALLS = 5;

const home = mkdtempSync(join(tmpdir(), "workbench-bench-"));
const environment = readEnvironment({ WORKBENCH_HOME: home, WORKBENCH_LOG_LEVEL: "error" }, process.platform);
const workbench = await openWorkbench({ environment, logger: createLogger("error") });
const echo = await startEcho();
const sections: { title: string; figures: Figure[] }[] = [];
try {
  const tenantId = workbench.tenantId(undefined);
  workbench.tenants.setLimits(tenantId, { rate_per_minute: 10_000_000, rate_burst: 1_000_000 });
  const key = await workbench.keystore.generate({ algorithm: "ecdsa-p256", subject: "CN=Bench" });
  workbench.trust.add({ pem: key.certificate_chain_pem });
  const components = {
    quickjs: await buildTestComponent({ source: HANDLER, engine: "quickjs" }),
    starlingmonkey: await buildTestComponent({ source: HANDLER, engine: "starlingmonkey" }),
  };
  await archiveSection(components.starlingmonkey);
  await signingSection(key.id);
  await publishSection(key.id, components.quickjs);
  await workbench.runner.start();
  for (const engine of ["quickjs", "starlingmonkey"] as const) {
    await invocationSection(engine, components[engine], key.id);
  }
  report();
} finally {
  echo.close();
  await workbench.dispose();
  rmSync(home, { recursive: true, force: true });
}

async function archiveSection(component: Uint8Array): Promise<void> {
  const files = [
    { path: "manifest.json", bytes: manifestOf("com.bench.archive", "1.0.0") },
    { path: "dist/main.wasm", bytes: component },
  ];
  const options = { params: { [constants.ZSTD_c_compressionLevel]: 6, [constants.ZSTD_c_checksumFlag]: 1 } };
  sections.push({
    title: `archive, component of ${Math.round(component.byteLength / 1024 / 1024)} MiB`,
    figures: await measure({
      title: "archive",
      floor: { name: "zstd alone, same level", run: () => zstdCompressSync(component, options) },
      cases: [{ name: "packArchive", run: () => packArchive(files) }],
    }),
  });
}

async function signingSection(keyId: string): Promise<void> {
  const archive = await packArchive([
    { path: "manifest.json", bytes: manifestOf("com.bench.signing", "1.0.0") },
    { path: "dist/main.wasm", bytes: randomBytes(1024 * 1024) },
  ]);
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const raw = sign("sha256", archive, privateKey);
  const { signature } = await workbench.sign(archive, keyId);
  sections.push({
    title: "sign, 1 MiB archive, ECDSA P-256",
    figures: await measure({
      title: "sign",
      floor: { name: "node:crypto sign", run: () => sign("sha256", archive, privateKey) },
      cases: [{ name: "sign (CMS, archive checked)", run: () => workbench.sign(archive, keyId) }],
    }),
  });
  sections.push({
    title: "verify, 1 MiB archive, ECDSA P-256",
    figures: await measure({
      title: "verify",
      floor: {
        name: "SHA-256 and node:crypto verify",
        run: () => [createHash("sha256").update(archive).digest(), verify("sha256", archive, publicKey, raw)],
      },
      cases: [{ name: "verify (all eight checks)", run: () => workbench.verify({ archive, signature }) }],
    }),
  });
}

async function publishSection(keyId: string, component: Uint8Array): Promise<void> {
  let number = 0;
  const archives: { archive: Uint8Array; signature: string }[] = [];
  for (let index = 0; index < 60; index += 1) {
    const archive = await packArchive([
      { path: "manifest.json", bytes: manifestOf("com.bench.publish", `1.0.${index}`) },
      { path: "dist/main.wasm", bytes: component },
    ]);
    archives.push({ archive, signature: (await workbench.sign(archive, keyId)).signature });
  }
  const tenantId = workbench.tenantId(undefined);
  const floor: number[] = [];
  const published: number[] = [];
  for (const { archive, signature } of archives) {
    floor.push(await elapsed(async () => writeDurably(join(home, `floor-${number++}`), archive)));
    published.push(await elapsed(() => workbench.registry.publish({ archive, signature, tenantId })));
  }
  const size = Math.round((archives[0]?.archive.byteLength ?? 0) / 1024);
  sections.push({
    title: `publish, archive of ${size} KiB`,
    figures: [
      figure("write and fsync the archive", floor),
      figure("publish (read, verify, store, record)", published, floor),
    ],
  });
}

async function invocationSection(engine: string, component: Uint8Array, keyId: string): Promise<void> {
  const tenantId = workbench.tenantId(undefined);
  const first: number[] = [];
  const floor: number[] = [];
  let name = "";
  for (let index = 0; index < FIRST_CALLS; index += 1) {
    name = `com.bench.${engine}${index}`;
    await installed(workbench, name, component, keyId);
    floor.push(await elapsed(() => echo.call()));
    first.push(await elapsed(() => invoke(tenantId, name)));
  }
  sections.push({
    title: `first invocation after install, ${engine}, nothing cached`,
    figures: [figure("node:http echo", floor), figure("gateway and runner", first, floor)],
  });
  sections.push({
    title: `warm invocation, ${engine}, one client`,
    figures: await measure({
      title: "warm",
      floor: { name: "node:http echo", run: () => echo.call() },
      cases: [{ name: "gateway and runner", run: () => invoke(tenantId, name) }],
      time: 3_000,
    }),
  });
}

async function installed(
  target: Workbench,
  name: string,
  component: Uint8Array,
  keyId: string,
): Promise<void> {
  const archive = await packArchive([
    { path: "manifest.json", bytes: manifestOf(name, "1.0.0") },
    { path: "dist/main.wasm", bytes: component },
  ]);
  const { signature } = await target.sign(archive, keyId);
  const tenantId = target.tenantId(undefined);
  await target.registry.publish({ archive, signature, tenantId });
  await target.registry.install({ ref: name, tenantId });
}

/** A wrong answer is no figure. */
async function invoke(tenantId: string, ref: string): Promise<void> {
  const outcome = await workbench.call({ tenantId, ref, method: "GET", path: "/", headers: [] });
  if (outcome.status !== 200) throw new Error(`status ${outcome.status} ${outcome.error?.code ?? ""}`);
}

function manifestOf(name: string, version: string): Uint8Array {
  const manifest = {
    name,
    version,
    runtime: "wasm-js@1",
    api: { endpoints: [{ method: "GET", path: "/", handler: "root" }] },
  };
  return Buffer.from(JSON.stringify(manifest));
}

function writeDurably(path: string, bytes: Uint8Array): void {
  writeFileSync(path, "");
  const file = openSync(path, "w");
  writeSync(file, bytes);
  fsyncSync(file);
  closeSync(file);
}

async function elapsed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function figure(name: string, samples: readonly number[], floor?: readonly number[]): Figure {
  const p50 = quantile(samples, 0.5);
  return {
    name,
    p50,
    p95: quantile(samples, 0.95),
    samples: samples.length,
    ...(floor ? { ratio: p50 / quantile(floor, 0.5) } : {}),
  };
}

function report(): void {
  const machine = {
    node: process.version,
    cpu: cpus()[0]?.model ?? "unknown",
    cores: availableParallelism(),
  };
  if (process.argv.includes("--json")) {
    process.stdout.write(`${JSON.stringify({ machine, sections })}\n`);
    return;
  }
  process.stdout.write(`${machine.cpu}, ${machine.cores} cores, Node ${machine.node}\n`);
  for (const { title, figures } of sections) {
    process.stdout.write(`\n${title}\n`);
    for (const { name, p50, p95, samples, ratio } of figures) {
      const columns = [
        name.padEnd(40),
        `p50 ${p50.toFixed(3)} ms`.padStart(16),
        `p95 ${p95.toFixed(3)} ms`.padStart(16),
      ];
      const relation = ratio === undefined ? "floor" : `${ratio.toFixed(2)}x`;
      process.stdout.write(`  ${columns.join("  ")}  ${relation.padStart(9)}  n=${samples}\n`);
    }
  }
}
