import type { CallGraph } from "./call-graph.ts";
import type { EditList } from "./edit-list.ts";
import type { HelperFunctions } from "./helper-functions.ts";
import type { Signature } from "./types.ts";

/** What the scanner must know of the module around an expression. */
export interface ScanContext {
  readonly bytes: Uint8Array;
  readonly edits: EditList;
  /** Globals from this index on move up by `globalShift`, to make room for the metering imports. */
  readonly importedGlobals: number;
  readonly globalShift: number;
  readonly calls: CallGraph;
  /** Of each of the module's own functions. */
  readonly signatures: readonly (Signature | undefined)[];
  /** From how many instructions on a loop draws on an advance (0186). */
  readonly longLoop: number;

  readonly helpers: HelperFunctions;
  /** Whether each memory and table is indexed by i64. */
  readonly memories64: boolean[];
  readonly tables64: boolean[];
  /** Counts of instructions that change state which restoring memories and globals would not undo. */
  readonly hazards: StateHazards;
}

export interface StateHazards {
  tableWrites: number;
  segmentDrops: number;
  heapWrites: number;
}
