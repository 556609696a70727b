import { mkdir, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { componentize } from "componentize-qjs";
import { renameClockCalls } from "./component-names.ts";
import type { ComponentTask } from "./protocol.ts";
import { CLOCK_CONSTANT, reproducibleRuntime } from "./quickjs-runtime.ts";

/** Makes a component with QuickJS; `reproducible` is false when the addon's runtime was not found. */
export async function makeQuickJsComponent(
  task: ComponentTask,
): Promise<{ component: Uint8Array; reproducible: boolean }> {
  const witPath = join(task.workDir, "wit");
  await mkdir(witPath, { recursive: true });
  await writeFile(join(witPath, "extension.wit"), task.wit);
  const common = { witPath, jsSource: task.source, world: task.world, stubWasi: false };
  const addon = loadedAddon();
  // A world of the project's own that uses the name of the constant could not be told from the clock's.
  const runtime = addon && !task.wit.includes(CLOCK_CONSTANT) ? reproducibleRuntime(addon) : undefined;
  if (runtime === undefined) {
    const { component } = await componentize({ ...common, sync: true });
    return { component, reproducible: false };
  }
  const { component } = await componentize({ ...common, runtimeBytes: Buffer.from(runtime) });
  return { component: renameClockCalls(component), reproducible: true };
}

/** The native file that was loaded for this platform: the package picks one of several. */
function loadedAddon(): string | undefined {
  const { cache } = createRequire(import.meta.filename);
  return Object.keys(cache).find((file) => file.endsWith(".node") && file.includes("componentize-qjs"));
}
