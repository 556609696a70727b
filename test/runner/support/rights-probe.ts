/**
 * Started in the runner's place under the runner's own flags: tries what an attacker inside the process, or
 * inside one of its worker threads, would try, and reports what happened.
 */
import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";

type Outcome = string;

function attempt(run: () => unknown): Outcome {
  try {
    run();
    return "done";
  } catch (error) {
    return error instanceof Error && "code" in error ? String(error.code) : String(error);
  }
}

function probe(objectsDir: string): Record<string, Outcome> {
  const constructor_ = Object.getPrototypeOf(() => undefined).constructor;
  return {
    readObjects: attempt(() => readFileSync(join(objectsDir, "probe"))),
    readElsewhere: attempt(() => readFileSync("/etc/passwd")),
    writeObjects: attempt(() => writeFileSync(join(objectsDir, "written"), "x")),
    writeElsewhere: attempt(() => writeFileSync(join(tmpdir(), "written-by-the-runner"), "x")),
    spawn: attempt(() => spawn(process.execPath, ["-v"])),
    evaluate: attempt(() => constructor_("return 1")()),
    addon: attempt(() => process.dlopen({ exports: {} }, join(objectsDir, "addon.node"))),
    environment: Object.keys(process.env)
      .filter((name) => !name.startsWith("NODE_CHANNEL"))
      .join(","),
    arguments: process.argv.slice(2).join(" "),
  };
}

if (isMainThread) {
  process.on("message", (message) => {
    const { objectsDir } = message as { objectsDir: string };
    const worker = new Worker(new URL(import.meta.url), { workerData: { objectsDir }, env: {} });
    worker.on("message", (inWorker) => process.send?.({ inProcess: probe(objectsDir), inWorker }));
  });
} else {
  const { objectsDir } = workerData as { objectsDir: string };
  parentPort?.postMessage(probe(objectsDir));
}
