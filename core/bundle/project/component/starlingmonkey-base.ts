import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { withCoreModules } from "./component-sections.ts";
import { bodyOf, replace } from "./initialised-module.ts";
import { compileEngine, type InitialiserCall, initialise } from "./initialiser-program.ts";
import type { ComponentTask } from "./protocol.ts";
import { readSections, SECTION, writeModule } from "./wasm-sections.ts";

/** Names that the toolchain gives the engine's files. */
const SOURCE_FILE = "source.js";
const BINDINGS_FILE = "initializer.js";
/** What a run of the initialiser leaves in a module; all else is the same for every source. */
const STATE = [SECTION.memory, SECTION.global, SECTION.data] as const;

/**
 * What every component of one world shares. The toolchain spends seconds on taking the engine apart and putting it
 * together around the world's bindings; the source plays no part in that.
 */
export interface StarlingMonkeyBase {
  /** The engine with the world's bindings, not yet initialised. */
  readonly engine: Uint8Array;
  /** JavaScript of the bindings. */
  readonly bindings: string;
  readonly call: InitialiserCall;
  /** A component of that world, whatever source it was made of. */
  readonly template: Uint8Array;
}

export const initialiserCallSchema: z.ZodType<InitialiserCall> = z.object({
  env: z.record(z.string(), z.string()),
  input: z.string(),
  initFunction: z.string(),
});

/** The same component as the toolchain would make, from what it left of an earlier one of the same world. */
export function loadStarlingMonkeyBase(base: StarlingMonkeyBase): {
  initialise(task: ComponentTask): Promise<Uint8Array>;
} {
  const engine = compileEngine(base.engine);
  return {
    async initialise(task) {
      const folder = join(task.workDir, "sources");
      await mkdir(folder);
      await writeFile(join(folder, SOURCE_FILE), task.source);
      await writeFile(join(folder, BINDINGS_FILE), base.bindings);
      const captured = initialise(engine, base.call, { folder, scratchDir: task.workDir });
      return withState(base.template, captured);
    },
  };
}

/** `template` with the memory, globals and data of `captured` in its engine: its largest core module by far. */
function withState(template: Uint8Array, captured: Uint8Array): Uint8Array {
  const sizes: number[] = [];
  withCoreModules(template, (module) => {
    sizes.push(module.length);
    return module;
  });
  const largest = sizes.indexOf(Math.max(...sizes));
  const sections = readSections(captured);
  const state = new Map(STATE.map((id) => [id, bodyOf(sections, id)] as const));
  let index = 0;
  return withCoreModules(template, (module) =>
    index++ === largest ? writeModule(replace(readSections(module), state)) : module,
  );
}
