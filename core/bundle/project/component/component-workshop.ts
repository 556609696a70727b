import { BaseStore } from "./base-store.ts";
import type { ComponentTask, ComponentWorld } from "./protocol.ts";

interface Initialiser {
  initialise(task: ComponentTask): Promise<Uint8Array>;
}

interface Made {
  readonly component: Uint8Array;
  readonly reproducible: boolean;
  /** The toolchain itself has run. */
  readonly spent: boolean;
}

/** Worlds that are kept ready; each holds an engine twice, as bytes and compiled. */
const MAX_LOADED = 4;

/**
 * Makes components of tasks. What the components of a world share is taken from memory, else from the task's store;
 * what is made without it comes out the same, byte for byte.
 */
export class ComponentWorkshop {
  readonly #loaded = new Map<string, Initialiser>();

  async make(task: ComponentTask): Promise<Made> {
    const ready =
      this.#loaded.get(BaseStore.key(task)) ??
      (task.storeDir === undefined ? undefined : await this.load(task, task.storeDir));
    if (ready) return { component: await ready.initialise(task), reproducible: true, spent: false };
    return task.engine === "quickjs" ? this.#quickJs(task) : this.#starlingMonkey(task);
  }

  /** Readies what the store has for a world; `undefined` when it has nothing. */
  async load(world: ComponentWorld, storeDir: string): Promise<Initialiser | undefined> {
    const files = await new BaseStore(storeDir).read(world);
    if (files === undefined) return undefined;
    return this.#keep(world, await loaders[world.engine](files));
  }

  async #quickJs(task: ComponentTask): Promise<Made> {
    const { makeQuickJsTemplate, makeWithOwnRuntime, loadQuickJsTemplate } = await import("./quickjs.ts");
    const template = await makeQuickJsTemplate(task);
    if (template === undefined) return { ...(await makeWithOwnRuntime(task)), spent: true };
    if (task.storeDir !== undefined) await new BaseStore(task.storeDir).write(task, { template });
    const ready = this.#keep(task, loadQuickJsTemplate(template));
    return { component: await ready.initialise(task), reproducible: true, spent: true };
  }

  async #starlingMonkey(task: ComponentTask): Promise<Made> {
    const { makeStarlingMonkeyComponent } = await import("./starlingmonkey.ts");
    const { component, base } = await makeStarlingMonkeyComponent(task);
    if (base && task.storeDir !== undefined) {
      const { call, bindings, ...modules } = base;
      await new BaseStore(task.storeDir).write(task, {
        ...modules,
        call: Buffer.from(JSON.stringify(call)),
        bindings: Buffer.from(bindings),
      });
    }
    return { component, reproducible: true, spent: true };
  }

  #keep(world: ComponentWorld, ready: Initialiser): Initialiser {
    const [oldest] = this.#loaded.keys();
    if (oldest !== undefined && this.#loaded.size >= MAX_LOADED) this.#loaded.delete(oldest);
    this.#loaded.set(BaseStore.key(world), ready);
    return ready;
  }
}

type Files = ReadonlyMap<string, Uint8Array>;

const loaders: Record<ComponentWorld["engine"], (files: Files) => Promise<Initialiser>> = {
  async quickjs(files) {
    const { loadQuickJsTemplate } = await import("./quickjs.ts");
    return loadQuickJsTemplate(file(files, "template"));
  },
  async starlingmonkey(files) {
    const { initialiserCallSchema, loadStarlingMonkeyBase } = await import("./starlingmonkey-base.ts");
    const text = (name: string) => new TextDecoder().decode(file(files, name));
    return loadStarlingMonkeyBase({
      engine: file(files, "engine"),
      template: file(files, "template"),
      bindings: text("bindings"),
      call: initialiserCallSchema.parse(JSON.parse(text("call"))),
    });
  },
};

function file(files: Files, name: string): Uint8Array {
  const found = files.get(name);
  if (found === undefined) throw new Error(`the store lacks ${name}`);
  return found;
}
