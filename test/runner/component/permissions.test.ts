import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { buildTestComponent } from "../../support/components.ts";
import { tempFolder } from "../../support/temp.ts";

const root = join(import.meta.dirname, "..", "..", "..");

/** Prepares, loads and calls a component as the runner does, in a thread, and reports what it could not do. */
const PROGRAM = `
import { Worker, isMainThread, parentPort, workerData } from "node:worker_threads";
import { readFileSync } from "node:fs";
const { prepareComponent, loadGlue, instantiateComponent } = await import(process.argv[2] ?? workerData.entry);
const limits = { maxMemoryPages: 1024, maxTableElements: 10000 };
if (isMainThread) {
  const { source, modules } = await prepareComponent(new Uint8Array(readFileSync(process.argv[3])), limits);
  const loaded = modules.map(({ bytes, ...facts }) => ({ ...facts, module: new WebAssembly.Module(bytes) }));
  const worker = new Worker(new URL(import.meta.url), { workerData: { entry: process.argv[2], source, loaded } });
  worker.on("message", (message) => console.log(JSON.stringify(message)));
  worker.on("error", (error) => { console.error(error); process.exitCode = 1; });
} else {
  const glue = await loadGlue(workerData.source);
  const instance = instantiateComponent({ glue, modules: workerData.loaded, imports: {}, fuel: 1e9, ...limits });
  const { status } = instance.handler({ context: {}, http: { method: "GET", url: "/", headers: [] } });
  let evaluated = true;
  try { (0, eval)("1"); } catch { evaluated = false; }
  parentPort.postMessage({ status, evaluated, fuel: instance.usage().fuelUsed > 0 });
}
`;

it("a component is prepared, sent to a thread and called under the runner's permission flags", async () => {
  const folder = tempFolder();
  const wasm = join(folder, "main.wasm");
  const program = join(folder, "program.mjs");
  const source = "export function handler() { return { status: 204, headers: [] }; }";
  const wit = `package alga:extension;
    interface types {
      record http-header { name: string, value: string }
      record http-request { method: string, url: string, headers: list<http-header> }
      record context-data { tenant-id: option<string> }
      record execute-request { context: context-data, http: http-request }
      record execute-response { status: u16, headers: list<http-header> }
    }
    world runner { use types.{execute-request, execute-response}; export handler: func(request: execute-request) -> execute-response; }`;
  writeFileSync(wasm, await buildTestComponent({ source, engine: "quickjs", wit }));
  writeFileSync(program, PROGRAM);
  const { stdout } = await promisify(execFile)(process.execPath, [
    "--permission",
    `--allow-fs-read=${root}`,
    `--allow-fs-read=${folder}`,
    "--allow-worker",
    "--disallow-code-generation-from-strings",
    program,
    join(root, "core", "runner", "component", "index.ts"),
    wasm,
  ]);
  expect(JSON.parse(stdout)).toEqual({ status: 204, evaluated: false, fuel: true });
});
