/**
 * `node test/bench/metering.ts [--json]`: what counting fuel costs, on CPU-bound handlers, beside the same component as it
 * was built, in turns and in one process. Best of many short rounds: whatever else the machine does only adds.
 */
import {
  createMeter,
  type Glue,
  instantiateComponent,
  type LoadedModule,
  loadGlue,
  prepareComponent,
} from "../../core/runner/component/index.ts";
import { transpileComponent } from "../../core/runner/component/transpiler.ts";
import { hostImports, request } from "../runner/component/host.ts";
import { buildTestComponent, COMPONENT_ENGINES } from "../support/components.ts";

const SOURCE = `
const jobs = {
  loop() { let x = 0; for (let i = 0; i < 30000; i++) x = (x + i * 7) | 0; return x; },
  strings() { const s = []; for (let i = 0; i < 3000; i++) s.push("item" + i); return s.join(",").length; },
  objects() { const a = []; for (let i = 0; i < 2500; i++) a.push({ i, n: "x" + i }); return a.filter((o) => o.i % 3 === 0).length; },
  json() { const o = { a: [1, 2, 3], b: { c: "text" } }; let n = 0; for (let i = 0; i < 60; i++) n += JSON.stringify(JSON.parse(JSON.stringify(o))).length; return n; },
  calls() { const f = (n) => n < 2 ? n : f(n - 1) + f(n - 2); return f(16); },
};
export function handler(request) { jobs[request.http.url](); return { status: 200, headers: [], body: undefined }; }`;
const JOBS = ["loop", "strings", "objects", "json", "calls"];
/** So many that the functions that matter are optimised early on. */
const ROUNDS = 150;
const LIMITS = { fuel: 1e14, maxMemoryPages: 8_192, maxTableElements: 1_000_000 };

const figures: { engine: string; job: string; plain_ms: number; metered_ms: number; cost: number }[] = [];
for (const engine of COMPONENT_ENGINES) {
  const component = await buildTestComponent({ source: SOURCE, engine });
  const prepared = await prepareComponent(component, LIMITS);
  const { modules } = await transpileComponent(component);
  const glue = await loadGlue(prepared.source);
  const variants: Record<"plain" | "metered", LoadedModule[]> = { plain: [], metered: [] };
  for (const { bytes, ...facts } of prepared.modules) {
    variants.plain.push({ ...facts, module: new WebAssembly.Module(required(modules.get(facts.name))) });
    variants.metered.push({ ...facts, module: new WebAssembly.Module(bytes) });
  }
  for (const job of JOBS) {
    const best = { plain: Number.POSITIVE_INFINITY, metered: Number.POSITIVE_INFINITY };
    for (let round = 0; round < ROUNDS; round++)
      for (const variant of ["plain", "metered"] as const)
        best[variant] = Math.min(best[variant], timed(glue, variants[variant], job));
    const cost = best.metered / best.plain - 1;
    figures.push({ engine, job, plain_ms: best.plain, metered_ms: best.metered, cost });
  }
}
if (process.argv.includes("--json")) process.stdout.write(`${JSON.stringify({ figures })}\n`);
else
  for (const { engine, job, plain_ms, metered_ms, cost } of figures)
    process.stdout.write(
      `${engine.padEnd(15)} ${job.padEnd(8)} ${plain_ms.toFixed(2)} ms  ${metered_ms.toFixed(2)} ms  ${cost < 0 ? "" : "+"}${(cost * 100).toFixed(1)} %\n`,
    );

/** The second call on a new instance. */
function timed(glue: Glue, modules: readonly LoadedModule[], job: string): number {
  const meter = createMeter(LIMITS);
  const { handler } = instantiateComponent({ glue, modules, imports: hostImports(meter), ...LIMITS }, meter);
  handler(request(job));
  const start = performance.now();
  handler(request(job));
  return performance.now() - start;
}

function required(bytes: Uint8Array | undefined): Uint8Array {
  if (bytes === undefined) throw new Error("a module that was not generated");
  return bytes;
}
