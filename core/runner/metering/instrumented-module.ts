import type { ExternKind, ModuleImport } from "./imports.ts";

/**
 * A metered core module and what a pool must know to bring an instance of it back to its first state.
 * Everything but `bytes` is JSON, so that it can be cached beside the bytes.
 */
export interface InstrumentedModule {
  readonly bytes: Uint8Array;
  /** As the module declared them, without the metering imports. */
  readonly imports: readonly ModuleImport[];
  /** As the module declared them, without the exports that the rewrite added. */
  readonly exports: readonly { readonly name: string; readonly kind: ExternKind }[];
  /** Memories and tables that the module itself defines; each is exported under `exportName`. */
  readonly memories: readonly MeteredMemory[];
  readonly tables: readonly MeteredTable[];
  /** Exported functions over the module's own mutable globals; absent when it has none. */
  readonly globals?: MeteredGlobals;
  /** Sums over the module's own memories and tables: what one instance takes from the budget at once. */
  readonly initialPages: number;
  readonly initialElements: number;
  /**
   * How many instructions of the module change state that resetting memories and globals does not undo: tables,
   * dropped segments, objects on the garbage-collected heap. All zero: memories and globals are the whole state.
   */
  readonly hazards: {
    readonly tableWrites: number;
    readonly segmentDrops: number;
    readonly heapWrites: number;
  };
}

export interface MeteredMemory {
  readonly exportName: string;
  /** Pages of 64 KiB. */
  readonly initialPages: number;
  readonly maximumPages: number;
  readonly index64: boolean;
}

/** Both without parameters and results. They know every value type, also those that JavaScript cannot hold. */
export interface MeteredGlobals {
  /** Copies every mutable global aside. */
  readonly saveExport: string;
  /** Copies back what was saved last. */
  readonly restoreExport: string;
}

export interface MeteredTable {
  readonly exportName: string;
  readonly initialElements: number;
  readonly maximumElements: number;
}

export interface MeteringLimits {
  /** Pages of 64 KiB over all memories of an instance. */
  readonly maxMemoryPages: number;
  readonly maxTableElements: number;
}
