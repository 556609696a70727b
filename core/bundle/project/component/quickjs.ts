import { mkdir, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { renameClockCalls } from "./component-names.ts";
import type { ComponentTask } from "./protocol.ts";
import { loadTemplate } from "./quickjs-initialiser.ts";
import { CLOCK_CONSTANT, reproducibleRuntime } from "./quickjs-runtime.ts";
import { stubInitialiser } from "./quickjs-template.ts";

/** The template of the task's world; `undefined` when the toolchain's runtime cannot be made reproducible for it. */
export async function makeQuickJsTemplate(task: ComponentTask): Promise<Uint8Array | undefined> {
  const { componentize } = await import("componentize-qjs");
  const addon = loadedAddon();
  // A world of the project's own that uses the name of the constant could not be told from the clock's.
  const runtime = addon && !task.wit.includes(CLOCK_CONSTANT) ? reproducibleRuntime(addon) : undefined;
  if (runtime === undefined) return undefined;
  const stubbed = stubInitialiser(runtime);
  const { component } = await componentize({
    ...(await common(task)),
    jsSource: "",
    runtimeBytes: Buffer.from(stubbed.runtime),
  });
  return stubbed.restore(component);
}

export function loadQuickJsTemplate(template: Uint8Array): {
  initialise(task: ComponentTask): Promise<Uint8Array>;
} {
  const loaded = loadTemplate(template);
  return { initialise: async (task) => renameClockCalls(loaded.initialise(task.source)) };
}

/** The toolchain's way, with the machine's clock and entropy in the component. */
export async function makeWithOwnRuntime(
  task: ComponentTask,
): Promise<{ component: Uint8Array; reproducible: boolean }> {
  const { componentize } = await import("componentize-qjs");
  const { component } = await componentize({ ...(await common(task)), jsSource: task.source, sync: true });
  return { component, reproducible: false };
}

async function common(task: ComponentTask) {
  const witPath = join(task.workDir, "wit");
  await mkdir(witPath, { recursive: true });
  await writeFile(join(witPath, "extension.wit"), task.wit);
  return { witPath, world: task.world, stubWasi: false };
}

/** The native file that was loaded for this platform: the package picks one of several. */
function loadedAddon(): string | undefined {
  const { cache } = createRequire(import.meta.filename);
  return Object.keys(cache).find((file) => file.endsWith(".node") && file.includes("componentize-qjs"));
}
