import type { LoadedModule } from "./instantiate.ts";
import { MemoryImage } from "./memory-image.ts";
import { TableImage } from "./table-image.ts";

/** What a module keeps besides memories, globals and tables cannot be put back. */
export function isRestorable({ hazards }: LoadedModule): boolean {
  return hazards.segmentDrops === 0 && hazards.heapWrites === 0;
}

/**
 * The state of all core instances of a component at one moment: every byte of every memory, every mutable global
 * of whatever type, and the tables where any module can write to one.
 */
export class CoreState {
  readonly #memories: readonly MemoryImage[];
  readonly #tables: readonly TableImage[];
  readonly #globals: readonly (() => unknown)[];
  /** Bytes of linear memory and of what is kept of it. */
  readonly bytes: number;

  private constructor(
    memories: readonly MemoryImage[],
    tables: readonly TableImage[],
    globals: readonly (() => unknown)[],
  ) {
    this.#memories = memories;
    this.#tables = tables;
    this.#globals = globals;
    this.bytes = memories.reduce((sum, { bytes, size }) => sum + bytes + size, 0);
  }

  /** Nothing when the instances hold something that cannot be put back. */
  static capture(cores: readonly CoreInstance[]): CoreState | undefined {
    if (!cores.every(({ loaded }) => isRestorable(loaded))) return undefined;
    const memories: MemoryImage[] = [];
    const tables: TableImage[] = [];
    const globals: (() => unknown)[] = [];
    // Any module may be given any other's table.
    const tablesChange = cores.some(({ loaded }) => loaded.hazards.tableWrites > 0);
    for (const { loaded, instance } of cores) {
      for (const { exportName } of loaded.memories)
        memories.push(new MemoryImage(exported(instance, exportName, WebAssembly.Memory)));
      for (const { exportName } of tablesChange ? loaded.tables : []) {
        const image = TableImage.of(exported(instance, exportName, WebAssembly.Table));
        if (image === undefined) return undefined;
        tables.push(image);
      }
      if (loaded.globals === undefined) continue;
      exportedFunction(instance, loaded.globals.saveExport)();
      globals.push(exportedFunction(instance, loaded.globals.restoreExport));
    }
    return new CoreState(memories, tables, globals);
  }

  /** False, and nothing done, when a memory or a table grew. */
  restore(): boolean {
    if (this.#memories.some(({ grown }) => grown) || this.#tables.some(({ grown }) => grown)) return false;
    for (const memory of this.#memories) memory.restore();
    for (const table of this.#tables) table.restore();
    for (const restore of this.#globals) restore();
    return true;
  }
}

export interface CoreInstance {
  readonly loaded: LoadedModule;
  readonly instance: WebAssembly.Instance;
}

function exported<Kind>(
  { exports }: WebAssembly.Instance,
  name: string,
  kind: abstract new (...args: never) => Kind,
): Kind {
  const value = exports[name];
  if (value instanceof kind) return value;
  throw new TypeError("A metered module lacks an export of its state.");
}

function exportedFunction({ exports }: WebAssembly.Instance, name: string): () => unknown {
  const value = exports[name];
  if (typeof value !== "function") throw new TypeError("A metered module lacks an export of its state.");
  // Without parameters, as the rewrite made it.
  return value as () => unknown;
}
