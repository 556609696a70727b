import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cancelled, writeError } from "../errors.ts";
import { type AskOptions, ComponentProcess } from "./component-process.ts";
import { COMPONENT_FILE, type ComponentAnswer, type ComponentWorld } from "./protocol.ts";

export interface ComponentizeOptions extends ComponentWorld, AskOptions {
  /** One ES module that exports `handler`. */
  readonly source: string;
}

export interface MadeComponent {
  readonly bytes: Uint8Array;
  readonly reproducible: boolean;
}

/** Makes components. Throws `component_error` with the engine's message, `component_timeout`, `build_cancelled`. */
export interface ComponentMaker {
  make(options: ComponentizeOptions): Promise<MadeComponent>;
}

/** Makes each component in a process of its own; nothing stays behind. */
export const freshComponents: ComponentMaker = {
  async make(options) {
    if (options.signal?.aborted) throw cancelled();
    const component = new ComponentProcess();
    try {
      return (await makeIn(component, options, undefined)).made;
    } finally {
      await component.kill();
    }
  },
};

/** One task from a private folder that is gone afterwards, to what the process made there. */
export async function makeIn(
  component: ComponentProcess,
  options: ComponentizeOptions,
  storeDir: string | undefined,
): Promise<{ made: MadeComponent; answer: Extract<ComponentAnswer, { ok: true }> }> {
  const workDir = await mkdtemp(join(tmpdir(), "workbench-component-")).catch((error: unknown) => {
    throw writeError(error, tmpdir());
  });
  try {
    const { engine, source, wit, world } = options;
    const answer = await component.ask(
      { kind: "make", engine, source, wit, world, workDir, storeDir },
      options,
    );
    const bytes = new Uint8Array(await readFile(join(workDir, COMPONENT_FILE)));
    return { made: { bytes, reproducible: answer.reproducible }, answer };
  } catch (error) {
    // It may hang, and it may still write into the folder.
    if (component.isBusy) await component.kill();
    throw error;
  } finally {
    await rm(workDir, { recursive: true, force: true, maxRetries: 3 });
  }
}
