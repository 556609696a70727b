/**
 * Makes one component and ends. A process of its own, because an engine's initialisation runs the extension's
 * top-level code, blocks its thread for seconds and can be stopped only from outside.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { COMPONENT_FILE, type ComponentAnswer, type ComponentTask, componentTaskSchema } from "./protocol.ts";

process.once("disconnect", () => process.exit(1));
process.once("message", (message) => {
  void answer(message);
});

async function answer(message: unknown): Promise<void> {
  let outcome: ComponentAnswer;
  try {
    outcome = await make(componentTaskSchema.parse(message));
  } catch (error) {
    outcome = { ok: false, message: error instanceof Error ? error.message : String(error) };
  }
  process.send?.(outcome, () => process.disconnect());
}

async function make(task: ComponentTask): Promise<ComponentAnswer> {
  await enterPrivateFolder(task.workDir);
  const { component, reproducible } =
    task.engine === "quickjs"
      ? await (await import("./quickjs.ts")).makeQuickJsComponent(task)
      : {
          component: await (await import("./starlingmonkey.ts")).makeStarlingMonkeyComponent(task),
          reproducible: true,
        };
  await writeFile(join(task.workDir, COMPONENT_FILE), component);
  return { ok: true, reproducible };
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
