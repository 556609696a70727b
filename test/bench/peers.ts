/**
 * `node test/bench/peers.ts [--quick] [--json]`: the same answer from `jco serve`, which makes an instance for each request,
 * and from `wrangler dev`, beside the workbench's gateway and runner in the same run, in turns. The peers are installed
 * into a temporary folder; they are no dependencies. Needs the package registry.
 */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { closedLoop, createClient, type Target } from "./load.ts";
import { quantile } from "./measure.ts";
import { builtComponent, fillHome, serve } from "./served-workbench.ts";

const BODY = '{"ok":true}';
const HANDLER = `
export function handler() {
  return { status: 200, headers: [{ name: "content-type", value: "application/json" }], body: new TextEncoder().encode(${JSON.stringify(BODY)}) };
}`;
const FETCH_HANDLER = `addEventListener("fetch", (event) => event.respondWith(
  new Response(${JSON.stringify(BODY)}, { headers: { "content-type": "application/json" } })));`;
const MODULE_WORKER = `export default { fetch: () => new Response(${JSON.stringify(BODY)}, { headers: { "content-type": "application/json" } }) };`;
const quick = process.argv.includes("--quick");
const ROUNDS = quick ? 1 : 3;
const ROUND_MS = quick ? 1_000 : 3_000;
const CLIENTS = 16;
const START_MS = 60_000;
/** What StarlingMonkey exports its handler under. */
const ENGINE_WASI = "0.2.10";
const POLL_MS = 200;

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), "workbench-bench-peers-"));
const children: ChildProcess[] = [];
try {
  const component = new Uint8Array(readFileSync(await builtComponent(folder, "quickjs", HANDLER)));
  const home = join(folder, "home");
  await fillHome(home, [{ name: "com.bench.peer", component, install: true }]);
  const served = await serve(home);
  const targets: [string, Target][] = [
    ["workbench", { url: `${served.gateway}/api/ext/com.bench.peer/`, headers: served.headers }],
  ];
  for (const [name, start] of [
    ["jco serve", startJco],
    ["wrangler dev", startWrangler],
  ] as const) {
    try {
      targets.push([name, { url: await start() }]);
    } catch (error) {
      process.stderr.write(
        `${name} could not be measured: ${error instanceof Error ? error.message : "unknown"}\n`,
      );
    }
  }
  try {
    report(await measureAll(targets));
  } finally {
    await served.stop();
  }
} finally {
  for (const { pid } of children) if (pid !== undefined) kill(pid);
  rmSync(folder, { recursive: true, force: true });
}

async function measureAll(targets: readonly [string, Target][]) {
  const samples = new Map(targets.map(([name]) => [name, { one: [] as number[], many: [] as number[] }]));
  for (const [, to] of targets) await closedLoop(to, 4, ROUND_MS);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, to] of targets) {
      samples.get(name)?.one.push(...(await closedLoop(to, 1, ROUND_MS)));
      samples.get(name)?.many.push(((await closedLoop(to, CLIENTS, ROUND_MS)).length / ROUND_MS) * 1_000);
    }
  }
  return samples;
}

/** A component of the same answer, served with an instance for each request. */
async function startJco(): Promise<string> {
  const jco = join(process.cwd(), "node_modules", "@bytecodealliance", "jco", "dist", "jco.js");
  const wasm = join(folder, "fetch.wasm");
  const { componentize } = await import("@bytecodealliance/componentize-js");
  // Its types name only the other way of calling it; this is the one that takes texts.
  const fromText = componentize as unknown as (
    source: string,
    wit: string,
    options: { worldName: string },
  ) => Promise<{ component: Uint8Array }>;
  const { component } = await fromText(FETCH_HANDLER, httpWorld(), { worldName: "peer" });
  writeFileSync(wasm, component);
  const port = await freePort();
  start(process.execPath, [jco, "serve", wasm, "--port", String(port), "--isolate-requests", "instance"]);
  return answering(`http://127.0.0.1:${port}/`);
}

/** A world that answers HTTP, with the interfaces of the version that the engine exports, as jco carries them. */
function httpWorld(): string {
  const folder = join(
    process.cwd(),
    "node_modules",
    "@bytecodealliance",
    "jco",
    "lib",
    "wit",
    "builtin",
    "0.2.12",
  );
  const packages = readdirSync(folder).map((name) => {
    const text = readFileSync(join(folder, name, "package.wit"), "utf8");
    return `${text.replace(/^package ([^;]+);/m, "package $1 {")}\n}\n`;
  });
  const world = "package bench:peer;\nworld peer { export wasi:http/incoming-handler@0.2.12; }\n";
  return [world, ...packages].join("\n").replaceAll("@0.2.12", `@${ENGINE_WASI}`);
}

async function startWrangler(): Promise<string> {
  const dir = join(folder, "wrangler");
  mkdirSync(dir);
  writeFileSync(join(dir, "package.json"), '{"private":true}');
  await run("npm", ["install", "--no-audit", "--no-fund", "wrangler@4"], { cwd: dir, timeout: 300_000 });
  writeFileSync(join(dir, "worker.js"), MODULE_WORKER);
  writeFileSync(
    join(dir, "wrangler.toml"),
    'name = "peer"\nmain = "worker.js"\ncompatibility_date = "2025-01-01"\n',
  );
  const port = await freePort();
  start(join(dir, "node_modules", ".bin", "wrangler"), ["dev", "--port", String(port), "--local"], {
    cwd: dir,
    env: { ...process.env, WRANGLER_SEND_METRICS: "false", CI: "1" },
  });
  return answering(`http://127.0.0.1:${port}/`);
}

function start(
  command: string,
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
) {
  // A group of its own, so that what it starts goes with it.
  children.push(spawn(command, args, { ...options, stdio: ["ignore", "ignore", "ignore"], detached: true }));
}

function kill(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}

/** Waits for the first right answer. */
async function answering(url: string): Promise<string> {
  const client = createClient();
  try {
    for (const end = performance.now() + START_MS; performance.now() < end; ) {
      const answer = await client.call({ url }).catch(() => undefined);
      if (answer?.status === 200 && answer.body === BODY) return url;
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  } finally {
    client.close();
  }
  throw new Error(`no answer within ${START_MS / 1_000} s`);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // A TCP server that listens has an address of this form.
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function report(samples: Awaited<ReturnType<typeof measureAll>>): void {
  const own = samples.get("workbench");
  const rows = [...samples].map(([name, { one, many }]) => ({
    name,
    p50_ms: quantile(one, 0.5),
    p99_ms: quantile(one, 0.99),
    per_second: quantile(many, 0.5),
    latency_to_workbench: quantile(one, 0.5) / quantile(own?.one ?? [], 0.5),
    throughput_of_workbench: quantile(own?.many ?? [], 0.5) / quantile(many, 0.5),
  }));
  if (process.argv.includes("--json")) {
    process.stdout.write(`${JSON.stringify({ load: loadavg()[0], rows })}\n`);
    return;
  }
  process.stdout.write("the same answer from others\n");
  for (const row of rows) {
    process.stdout.write(
      `  ${row.name.padEnd(14)} p50 ${row.p50_ms.toFixed(3)} ms  p99 ${row.p99_ms.toFixed(3)} ms  ${row.per_second.toFixed(0).padStart(6)}/s  latency ${row.latency_to_workbench.toFixed(1)}x, throughput 1/${row.throughput_of_workbench.toFixed(1)}\n`,
    );
  }
}
