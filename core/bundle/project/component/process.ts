/**
 * Makes components, one after the other, until it is killed or left alone. A process of its own, because an engine's
 * initialisation runs the extension's top-level code, blocks its thread for seconds and can be stopped only from outside.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { ComponentWorkshop } from "./component-workshop.ts";
import { removeLeftovers } from "./leftovers.ts";
import {
  COMPONENT_FILE,
  type ComponentAnswer,
  type ComponentTask,
  componentMessageSchema,
} from "./protocol.ts";

const home = process.cwd();
const leftovers = process.argv[2];
const workshop = new ComponentWorkshop();
let turn: Promise<void> = Promise.resolve();

process.once("disconnect", () => {
  removeLeftovers(leftovers);
  process.exit(1);
});
process.on("message", (message) => {
  turn = turn.then(() => handle(message));
});
// An endless loop of the extension's keeps this thread from hearing that the parent has gone.
new Worker(
  new URL(`./parent-watch${import.meta.url.slice(import.meta.url.lastIndexOf("."))}`, import.meta.url),
  {
    workerData: { parent: process.ppid, leftovers },
  },
).unref();

async function handle(message: unknown): Promise<void> {
  const task = componentMessageSchema.parse(message);
  if (task.kind === "load") {
    // What cannot be loaded is made anew by the task that needs it.
    await workshop.load(task, task.storeDir).catch(() => undefined);
    return;
  }
  const answer = await make(task).catch(
    (error: unknown): ComponentAnswer => ({
      ok: false,
      message: error instanceof Error ? error.message : String(error),
    }),
  );
  process.chdir(home);
  process.send?.(answer);
}

async function make(task: ComponentTask): Promise<ComponentAnswer> {
  await enterPrivateFolder(task.workDir);
  const { component, reproducible, spent } = await workshop.make(task);
  await writeFile(join(task.workDir, COMPONENT_FILE), component);
  return { ok: true, reproducible, spent, resident_bytes: process.memoryUsage.rss() };
}

/**
 * The toolchain keeps its files in the system's temporary folder and mistakes paths when that lies below the
 * working directory. Both below a folder that the build removes: nothing is left when this process is killed.
 */
async function enterPrivateFolder(workDir: string): Promise<void> {
  const temporary = join(workDir, "tmp");
  const current = join(workDir, "cwd");
  await mkdir(temporary, { recursive: true });
  await mkdir(current, { recursive: true });
  for (const name of ["TMPDIR", "TMP", "TEMP"]) process.env[name] = temporary;
  process.chdir(current);
}
