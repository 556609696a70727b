/**
 * `node test/bench/loop.ts [--saves N] [--case TEXT] [--json]`: from a save in the window to the live answer that shows it, with what each
 * stage took, for a page alone and for a handler in either engine. The machine's load stands beside the figures: the
 * toolchains use every core.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import type { LoopState } from "../../core/contract/rpc/loop.ts";
import { type RunningHost, startHost } from "../../core/host-process.ts";
import { readEnvironment } from "../../core/platform/environment.ts";
import { quantile } from "./measure.ts";

type Template = "ui" | "full";

interface Case {
  readonly name: string;
  readonly template: Template;
  readonly engine?: "quickjs" | "starlingmonkey";
  readonly change: "page" | "handler";
  /** Milliseconds that the median is to stay below. */
  readonly target: number;
}

interface Row {
  readonly name: string;
  readonly target_ms: number;
  readonly p50: number;
  readonly p95: number;
  readonly samples: number;
  /** Medians, in milliseconds. */
  readonly stages: Readonly<Record<string, number>>;
  /** The first turn: the toolchain begins from nothing. */
  readonly first_ms: number;
}

const CASES: readonly Case[] = [
  { name: "UI-only project, page", template: "ui", change: "page", target: 300 },
  { name: "QuickJS project, page", template: "full", engine: "quickjs", change: "page", target: 300 },
  { name: "QuickJS project, handler", template: "full", engine: "quickjs", change: "handler", target: 1_500 },
  {
    name: "StarlingMonkey project, page",
    template: "full",
    engine: "starlingmonkey",
    change: "page",
    target: 300,
  },
  {
    name: "StarlingMonkey project, handler",
    template: "full",
    engine: "starlingmonkey",
    change: "handler",
    target: 5_000,
  },
];
const FILES = { page: "ui/index.html", handler: "src/handler.ts" } as const;
const HANDLER = (mark: string) => `
export function handler() {
  return { status: 200, headers: [], body: new TextEncoder().encode(${JSON.stringify(mark)}) };
}
`;
const ENDPOINTS = [{ method: "GET", path: "/mark", handler: "mark" }];

const caseIndex = process.argv.indexOf("--case");
const chosen = caseIndex < 0 ? "" : (process.argv[caseIndex + 1] ?? "");
const saves = Number(process.argv[process.argv.indexOf("--saves") + 1]) || 7;
const folder = mkdtempSync(join(tmpdir(), "workbench-bench-loop-"));
const environment = readEnvironment(
  { WORKBENCH_HOME: join(folder, "home"), WORKBENCH_LOG_LEVEL: "error" },
  process.platform,
);
const host = await startHost({ environment });
const before = loadavg();
try {
  const rows: Row[] = [];
  for (const each of CASES.filter(({ name }) => name.includes(chosen)))
    rows.push(await measureCase(host, each));
  report(rows);
} finally {
  await host.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function measureCase(
  running: RunningHost,
  { template, engine, change, name, target }: Case,
): Promise<Row> {
  const { project, loop } = running;
  const id = name.toLowerCase().replace(/[^a-z]+/g, "-");
  const dir = join(folder, id);
  await project.create({ dir, name: `com.bench.${id}`, template });
  if (engine) {
    writeFileSync(join(dir, "workbench.json"), JSON.stringify({ engine }));
    writeFileSync(join(dir, FILES.handler), HANDLER("first"));
    const manifest = join(dir, "manifest.json");
    writeFileSync(
      manifest,
      JSON.stringify({
        ...JSON.parse(readFileSync(manifest, "utf8")),
        capabilities: [],
        api: { endpoints: ENDPOINTS },
      }),
    );
  }
  const started = performance.now();
  await loop.start();
  await turnAfter(running, 0);
  const first_ms = performance.now() - started;
  const totals: number[] = [];
  const stages = new Map<string, number[]>();
  for (let index = 0; index < saves; index += 1) {
    const mark = `mark-${index}`;
    const path = FILES[change];
    const { text, revision } = await project.read(path);
    const turn = loop.state().turn?.number ?? 0;
    const saved = performance.now();
    const changed = change === "page" ? `${text}<!-- ${mark} -->` : HANDLER(mark);
    await project.write({ path, text: changed, revision });
    const state = await turnAfter(running, turn);
    const live = performance.now();
    await answerWith(running, change, state, mark);
    const answered = performance.now();
    totals.push(answered - saved);
    const spent = state.turn?.stages ?? [];
    const known = spent.reduce((sum, { ms = 0 }) => sum + ms, 0);
    for (const [stage, ms] of [
      ...spent.map(({ stage: label, ms = 0 }) => [label, ms] as const),
      ["between", live - saved - known] as const,
      ["answer", answered - live] as const,
    ]) {
      stages.set(stage, [...(stages.get(stage) ?? []), ms]);
    }
  }
  await loop.stop();
  return {
    name,
    target_ms: target,
    p50: quantile(totals, 0.5),
    p95: quantile(totals, 0.95),
    samples: totals.length,
    stages: Object.fromEntries([...stages].map(([stage, samples]) => [stage, quantile(samples, 0.5)])),
    first_ms,
  };
}

/** The state in which a turn after this one has ended well. */
async function turnAfter({ loop }: RunningHost, number: number): Promise<LoopState> {
  const end = new AbortController();
  for await (const [state] of loop.follow(end.signal)) {
    const { turn } = state ?? {};
    if (state === undefined || turn === undefined || turn.number <= number) continue;
    if (turn.status === "failed") throw new Error(`${turn.failure?.code}: ${turn.failure?.message}`);
    if (turn.status !== "succeeded") continue;
    end.abort();
    return state;
  }
  throw new Error("the loop ended");
}

/** A wrong answer is no figure. */
async function answerWith(
  { workbench, ready }: RunningHost,
  change: Case["change"],
  { last_good: good }: LoopState,
  mark: string,
): Promise<void> {
  if (good === undefined) throw new Error("nothing is installed");
  const tenantId = workbench.tenantId(undefined);
  const install = workbench.registry.resolveInstall(tenantId, good.install_id);
  if (change === "handler") {
    const outcome = await workbench.call({
      tenantId,
      ref: good.install_id,
      method: "GET",
      path: "/mark",
      headers: [],
    });
    const text = new TextDecoder().decode(outcome.body);
    if (outcome.status !== 200 || text !== mark)
      throw new Error(`${outcome.status} ${text} in place of ${mark}`);
    return;
  }
  const url = `${ready.runner_url}/ext-ui/${install?.registry_id}/${good.content_hash}/index.html`;
  const answer = await fetch(url);
  const text = await answer.text();
  if (!answer.ok || !text.includes(mark)) throw new Error(`${answer.status} without ${mark}`);
}

function report(rows: readonly Row[]): void {
  const machine = {
    node: process.version,
    cpu: cpus()[0]?.model ?? "unknown",
    cores: availableParallelism(),
  };
  const load = { before, after: loadavg() };
  if (process.argv.includes("--json")) {
    process.stdout.write(`${JSON.stringify({ machine, load, rows })}\n`);
    return;
  }
  const averages = [load.before, load.after].map(([one = 0]) => one.toFixed(1)).join(" before, ");
  process.stdout.write(
    `${machine.cpu}, ${machine.cores} cores, Node ${machine.node}, load ${averages} after\n`,
  );
  for (const { name, p50, p95, samples, stages, target_ms, first_ms } of rows) {
    const verdict = p50 <= target_ms ? "reached" : "MISSED";
    const split = Object.entries(stages).map(([stage, ms]) => `${stage} ${Math.round(ms)}`);
    process.stdout.write(
      `${name.padEnd(34)} p50 ${Math.round(p50)} ms  p95 ${Math.round(p95)} ms  n=${samples}  target ${target_ms} ms ${verdict}\n  ${split.join(" · ")} · first turn ${Math.round(first_ms)}\n`,
    );
  }
}
