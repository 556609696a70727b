/**
 * `node test/bench/metering.ts [--json]`: what counting fuel costs, on CPU-bound handlers, beside the same component as it
 * was built, in turns and in one process. Best of many short rounds: whatever else the machine does only adds.
 */
import { createMeter, type Glue, loadGlue } from "../../core/runner/component/index.ts";
import { transpileComponent } from "../../core/runner/component/transpiler.ts";
import { instrumentModule, METERING_IMPORT_MODULE } from "../../core/runner/metering/index.ts";
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
const ROUNDS = 80;
const LIMITS = { fuel: 1e14, maxMemoryPages: 8_192, maxTableElements: 1_000_000 };

type Modules = ReadonlyMap<string, WebAssembly.Module>;

const figures: { engine: string; job: string; plain_ms: number; metered_ms: number; cost: number }[] = [];
for (const engine of COMPONENT_ENGINES) {
  const { glue: source, modules } = await transpileComponent(
    await buildTestComponent({ source: SOURCE, engine }),
  );
  const glue = await loadGlue(source);
  const compiled = (bytesOf: (bytes: Uint8Array) => Uint8Array): Modules =>
    new Map([...modules].map(([name, bytes]) => [name, new WebAssembly.Module(bytesOf(bytes))]));
  const variants = {
    plain: compiled((bytes) => bytes),
    metered: compiled((bytes) => instrumentModule(bytes, LIMITS).bytes),
  };
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
      `${engine.padEnd(15)} ${job.padEnd(8)} ${plain_ms.toFixed(2)} ms  ${metered_ms.toFixed(2)} ms  +${(cost * 100).toFixed(1)} %\n`,
    );

/** The second call on a new instance. */
function timed(glue: Glue, modules: Modules, job: string): number {
  const meter = createMeter(LIMITS);
  const instantiate = (module: WebAssembly.Module, imports: WebAssembly.Imports = {}) =>
    new WebAssembly.Instance(module, { ...imports, [METERING_IMPORT_MODULE]: meter.globals });
  const host = Object.assign(instantiate, {
    makeGlobal: (descriptor: { value: string; mutable?: boolean }, value: unknown) =>
      new WebAssembly.Global(descriptor, value),
    compile: (bytes: Uint8Array) => new WebAssembly.Module(bytes),
    setTimeout: () => 0,
    clearTimeout: () => undefined,
    setInterval: () => 0,
    clearInterval: () => undefined,
    FinalizationRegistry: class {
      register() {}
      unregister() {}
    },
  });
  const module = (name: string) => {
    const found = modules.get(name);
    if (found === undefined) throw new Error(`no module ${name}`);
    return found;
  };
  const { handler } = glue.instantiate(module, hostImports(meter), host);
  if (typeof handler !== "function") throw new Error("no handler");
  handler(request(job));
  const start = performance.now();
  handler(request(job));
  return performance.now() - start;
}
