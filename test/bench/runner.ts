/**
 * `node test/bench/runner.ts [--only=calls|first|late|memory] [--quick] [--json]`: calls through `workbench serve`, whose gateway is one process and whose
 * runner another, beside a plain proxy of two processes in the same run, in turns: latency, throughput, first answers,
 * deadlines and memory. The client shares the machine, so ratios are what can be compared.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { closedLoop, createClient, type Target } from "./load.ts";
import { quantile } from "./measure.ts";
import { startProxyFloor } from "./proxy-floor.ts";
import { builtComponent, type Extension, fillHome, type Served, serve } from "./served-workbench.ts";

const HANDLER = `
export function handler(request: { http: { url: string } }) {
  if (request.http.url === "/?loop") for (;;);
  return { status: 200, headers: [{ name: "content-type", value: "application/json" }], body: undefined };
}`;
const ENGINES = ["quickjs", "starlingmonkey"] as const;
const quick = process.argv.includes("--quick");
const [, only] = /--only=(\w+)/.exec(process.argv.join(" ")) ?? [];
const ROUNDS = quick ? 1 : 5;
const ROUND_MS = quick ? 1_000 : 2_000;
const FIRST_ANSWERS = quick ? 3 : 10;
const LATE_CALLS = quick ? 10 : 50;
const TIMEOUT_MS = 250;
const CLIENTS = 16;
/** Fewer than a worker loads before it is replaced. */
const IDLE_EXTENSIONS = 10;

interface Row {
  readonly what: string;
  readonly figure: string;
  /** To the floor, or to what was to be reached. */
  readonly ratio?: number;
  readonly to?: string;
}

const folder = mkdtempSync(join(tmpdir(), "workbench-bench-runner-"));
const floor = await startProxyFloor();
const client = createClient();
const rows: Row[] = [];
try {
  const components = new Map<string, Uint8Array>();
  for (const engine of ENGINES)
    components.set(engine, new Uint8Array(readFileSync(await builtComponent(folder, engine, HANDLER))));
  const sections = {
    calls: callSection,
    first: firstAnswerSection,
    late: deadlineSection,
    memory: memorySection,
  };
  for (const [name, section] of Object.entries(sections))
    if (only === undefined || only === name) await section(components);
  report();
} finally {
  floor.close();
  client.close();
  rmSync(folder, { recursive: true, force: true });
}

function extensions(
  components: ReadonlyMap<string, Uint8Array>,
  copies: number,
  install: boolean,
): Extension[] {
  return [...components].flatMap(([engine, component]) =>
    Array.from({ length: copies }, (_, copy) => ({
      name: nameOf(engine, copy),
      component: distinct(component, copy),
      install,
    })),
  );
}

/** The same component with a custom section of its own: a component that is known already needs no preparation. */
function distinct(component: Uint8Array, copy: number): Uint8Array {
  const content = Buffer.from(`\u0004copy${copy}`);
  return Buffer.concat([component, Buffer.from([0, content.byteLength]), content]);
}

function nameOf(engine: string, copy = 0): string {
  return `com.bench.${engine}-${copy}`;
}

function target(served: Served, name: string, query = ""): Target {
  return { url: `${served.gateway}/api/ext/${name}/${query}`, headers: served.headers };
}

/** Latency of one client and throughput of sixteen: floor, both engines, both mechanisms, in turns. */
async function callSection(components: ReadonlyMap<string, Uint8Array>): Promise<void> {
  const home = join(folder, "calls");
  await fillHome(home, extensions(components, 1, true));
  const restore = await serve(home);
  const cases: [string, Target][] = ENGINES.map((engine) => [engine, target(restore, nameOf(engine))]);
  const one = new Map<string, number[]>();
  const many = new Map<string, number[]>();
  const measureAll = async (all: [string, Target][]) => {
    for (const [, to] of all) await closedLoop(to, CLIENTS, ROUND_MS);
    for (let round = 0; round < ROUNDS; round++) {
      for (const [name, to] of all) {
        keep(one, name, await closedLoop(to, 1, ROUND_MS));
        keep(many, name, [((await closedLoop(to, CLIENTS, ROUND_MS)).length / ROUND_MS) * 1_000]);
      }
    }
  };
  await measureAll([["floor", { url: floor.url }], ...cases]);
  await restore.stop();
  // Not beside the other: two pools would share two processors.
  const strict = await serve(home, { WORKBENCH_RUNNER_ISOLATION: "strict" });
  await measureAll(ENGINES.map((engine) => [`${engine}, strict`, target(strict, nameOf(engine))]));
  await strict.stop();

  const at = (samples: ReadonlyMap<string, number[]>, name: string, q: number) =>
    quantile(samples.get(name) ?? [], q);
  const goal: Record<string, [string, string, string]> = {
    quickjs: ["<= 4", "<= 5", ">= 1/4"],
    starlingmonkey: ["<= 16", "", ">= 1/14"],
  };
  for (const name of one.keys()) {
    const [p50, p99, rate] = goal[name] ?? ["", "", ""];
    for (const [label, q, to] of [
      ["p50", 0.5, p50],
      ["p95", 0.95, ""],
      ["p99", 0.99, p99],
    ] as const)
      rows.push({
        what: `${name}, 1 client, ${label}`,
        figure: `${at(one, name, q).toFixed(3)} ms`,
        ratio: at(one, name, q) / at(one, "floor", q),
        to,
      });
    rows.push({
      what: `${name}, ${CLIENTS} clients`,
      figure: `${at(many, name, 0.5).toFixed(0)} /s`,
      ratio: at(many, name, 0.5) / at(many, "floor", 0.5),
      to: rate,
    });
  }
}

/** From the install of a published version to its first answer, with nothing prepared, and with everything on disk. */
async function firstAnswerSection(components: ReadonlyMap<string, Uint8Array>): Promise<void> {
  const home = join(folder, "first");
  await fillHome(home, extensions(components, FIRST_ANSWERS + 1, false));
  const goals = { quickjs: [300, 120], starlingmonkey: [550, 220] };
  for (const [pass, label] of ["cold", "cached"].entries()) {
    const served = await serve(home);
    for (const engine of ENGINES) {
      const times: number[] = [];
      for (let copy = 0; copy <= FIRST_ANSWERS; copy++) {
        const registryId = nameOf(engine, copy);
        if (pass === 1) await control(served, "uninstall", { registryId });
        const start = performance.now();
        await control(served, "install", { registryId, version: "1.0.0" });
        const installed = performance.now();
        const { status } = await client.call(target(served, registryId));
        if (status !== 200) throw new Error(`status ${status}`);
        // The first of all also starts what the others find started.
        if (copy > 0) times.push(performance.now() - (pass === 2 ? start : installed));
      }
      rows.push({
        what: `${engine}, first answer after install, ${label}`,
        figure: `${quantile(times, 0.5).toFixed(0)} ms (p95 ${quantile(times, 0.95).toFixed(0)})`,
        to: `<= ${goals[engine][pass]} ms`,
      });
    }
    await served.stop();
  }
}

/** How late an endless loop is ended, and how long the next call then takes. */
async function deadlineSection(components: ReadonlyMap<string, Uint8Array>): Promise<void> {
  const home = join(folder, "late");
  await fillHome(home, extensions(components, 1, true));
  const served = await serve(home, { EXT_GATEWAY_TIMEOUT_MS: String(TIMEOUT_MS) });
  for (const engine of ENGINES) {
    const over: number[] = [];
    const again: number[] = [];
    const name = nameOf(engine);
    // The first may meet the deadline on a busy machine: it loads the extension.
    for (let call = 0; call < 10; call++) await client.call(target(served, name));
    for (let call = 0; call < LATE_CALLS; call++) {
      const start = performance.now();
      const { status } = await client.call(target(served, name, "?loop"));
      const ended = performance.now();
      if (status !== 504) throw new Error(`status ${status}`);
      await client.call(target(served, name));
      over.push(ended - start - TIMEOUT_MS);
      again.push(performance.now() - ended);
    }
    rows.push(
      {
        what: `${engine}, deadline overshoot`,
        figure: `${quantile(over, 0.5).toFixed(1)} ms (p99 ${quantile(over, 0.99).toFixed(1)})`,
        to: "p99 <= 40 ms",
      },
      {
        what: `${engine}, answer to the next call`,
        figure: `${quantile(again, 0.5).toFixed(1)} ms (p99 ${quantile(again, 0.99).toFixed(1)})`,
        to: "<= 20 ms",
      },
    );
  }
  await served.stop();
}

/** Resident memory of the runner for each extension that stands ready on a worker that exists already. */
async function memorySection(components: ReadonlyMap<string, Uint8Array>): Promise<void> {
  for (const [engine, to] of [
    ["quickjs", "<= 4 MB"],
    ["starlingmonkey", "<= 12 MB"],
  ] as const) {
    const home = join(folder, `memory-${engine}`);
    const component = components.get(engine);
    if (component === undefined) continue;
    await fillHome(home, extensions(new Map([[engine, component]]), IDLE_EXTENSIONS + 1, true));
    const served = await serve(home);
    await client.call(target(served, nameOf(engine)));
    const before = await health(served);
    for (let copy = 1; copy <= IDLE_EXTENSIONS; copy++)
      await client.call(target(served, nameOf(engine, copy)));
    const after = await health(served);
    const mebibytes = (bytes: number) => (bytes / 1_048_576 / IDLE_EXTENSIONS).toFixed(1);
    rows.push({
      what: `${engine}, memory of an idle extension`,
      figure: `${mebibytes(after.pool.held_bytes - before.pool.held_bytes)} MB held, ${mebibytes(
        after.process.resident_bytes - before.process.resident_bytes,
      )} MB resident with its compiled modules`,
      to,
    });
    await served.stop();
  }
}

async function health(served: Served) {
  const { body } = await client.call({ url: `${served.runner}/healthz` });
  // The runner's own answer.
  return JSON.parse(body) as { pool: { held_bytes: number }; process: { resident_bytes: number } };
}

async function control(served: Served, action: string, body: unknown): Promise<void> {
  const { status, body: text } = await client.call({
    url: `${served.gateway}/api/v1/extensions/${action}`,
    method: "POST",
    headers: { ...served.headers, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (status >= 300) throw new Error(`${action}: ${status} ${text}`);
}

function keep(into: Map<string, number[]>, name: string, samples: readonly number[]): void {
  into.set(name, [...(into.get(name) ?? []), ...samples]);
}

function report(): void {
  const [load = 0] = loadavg();
  const machine = { node: process.version, cpu: cpus()[0]?.model, cores: availableParallelism(), load };
  if (process.argv.includes("--json")) {
    process.stdout.write(`${JSON.stringify({ machine, rows })}\n`);
    return;
  }
  process.stdout.write(
    `${machine.cpu}, ${machine.cores} cores, Node ${machine.node}, load ${load.toFixed(1)}\n`,
  );
  for (const { what, figure, ratio, to = "" } of rows)
    process.stdout.write(
      `${what.padEnd(46)} ${figure.padStart(28)}  ${(ratio === undefined ? "" : `${ratio.toFixed(2)}x`).padStart(7)}  ${to}\n`,
    );
}
