import { BinaryReader, malformed } from "./binary-reader.ts";
import { BinaryWriter } from "./binary-writer.ts";
import { CallGraph } from "./call-graph.ts";
import { writeCode } from "./code.ts";
import { EditList } from "./edit-list.ts";
import { type ModuleExport, readExports, refuseReservedNames, writeExports } from "./exports.ts";
import { HELPER_TYPES, HelperFunctions } from "./helper-functions.ts";
import { type Imports, readImports } from "./imports.ts";
import type {
  InstrumentedModule,
  MeteredMemory,
  MeteredTable,
  MeteringLimits,
} from "./instrumented-module.ts";
import { refuseLargeMemory, refuseShared } from "./limits.ts";
import { writeFunctionNames } from "./names.ts";
import { METERING_GLOBALS, RESTORE_GLOBALS_EXPORT, SAVE_GLOBALS_EXPORT } from "./reserved-names.ts";
import type { ScanContext } from "./scan-context.ts";
import { readSections, SECTION, SECTION_ORDER, type Sections } from "./sections.ts";
import { writeData, writeElements } from "./segments.ts";
import { writeGlobals, writeImports, writeMemories, writeTables } from "./state-sections.ts";
import { readTypes, type Signature } from "./types.ts";

/** An interpreter's loop is of this length, or longer; a loop that is left after a few turns is not. */
const LONG_LOOP = 4_096;

const HEADER = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00] as const;

/**
 * Rewrites a core module so that it counts fuel, keeps within the memory and table limits, and exports its state.
 *
 * The module gains imported globals (`METERING_GLOBALS`), which the embedder shares between all core modules of
 * one component instance and sets before instantiation, so that start functions are metered too. Out of fuel is a
 * trap that leaves the fuel global below zero, which a guest's own trap cannot. Where functions begin, the embedder is
 * called once the fuel is below its lookout. Growth beyond a limit answers -1 to the guest and is counted.
 *
 * The bytes are untrusted. The engine validates them first, so the rewrite works on a valid module or not at all.
 * `longLoop` is from how many instructions on a loop draws on an advance (0186).
 * @throws MeteringError
 */
export function instrumentModule(
  core: Uint8Array,
  limits: MeteringLimits,
  longLoop = LONG_LOOP,
): InstrumentedModule {
  if (!WebAssembly.validate(core)) throw malformed(0, "the engine rejects it");
  const { known, names } = readSections(core);
  const imports = readImports(known.get(SECTION.import));
  const exports = readExports(known.get(SECTION.export));
  refuseReservedNames(imports, exports);
  for (const memory of imports.memories) {
    refuseShared(memory);
    refuseLargeMemory(memory.initial, limits.maxMemoryPages);
  }
  const functions = known.get(SECTION.function);
  const declaredFunctions = functions?.u32() ?? 0;
  const types = known.get(SECTION.type);
  const typeEntries = types?.u32() ?? 0;
  const typesAt = types?.position ?? 0;
  const signatures = types === undefined ? [] : readTypes(types, typeEntries);
  const context = scanContext(core, imports, {
    types: signatures.length,
    functions: readFunctions(functions, declaredFunctions).map((type) => signatures[type]),
    longLoop,
  });
  for (const { kind, index } of exports) if (kind === "function") context.calls.enterable(index);
  const start = known.get(SECTION.start);
  if (start !== undefined) context.calls.enterable(new BinaryReader(core, start.position, start.end).u32());
  const output = new Output();

  writeImports(output.section(SECTION.import), imports);
  const state = writeState(context, known, output, limits);
  writeExports(output.section(SECTION.export), [
    ...exports.map((entry) => moved(entry, imports)),
    ...stateExports(imports, state),
  ]);
  const elements = known.get(SECTION.element);
  if (elements !== undefined) writeElements(context, elements, output.section(SECTION.element));
  const data = known.get(SECTION.data);
  if (data !== undefined) writeData(context, data, output.section(SECTION.data));
  for (const id of [SECTION.tag, SECTION.start, SECTION.dataCount]) {
    const reader = known.get(id);
    if (reader !== undefined) output.section(id).copy(core, reader.position, reader.end);
  }
  writeCode(context, known.get(SECTION.code), output.section(SECTION.code));

  // Only now is it known which helper functions the code calls.
  output
    .section(SECTION.type)
    .u32(typeEntries + HELPER_TYPES.count)
    .copy(core, typesAt, types?.end ?? 0)
    .append(HELPER_TYPES.encoded);
  const functionSection = output.section(SECTION.function).u32(declaredFunctions + context.helpers.count);
  if (functions !== undefined) functionSection.copy(core, functions.position, functions.end);
  for (const { type } of context.helpers.all) functionSection.u32(signatures.length + type);

  return {
    bytes: output.module(names),
    imports: imports.all,
    exports: exports.map(({ name, kind }) => ({ name, kind })),
    memories: state.memories,
    tables: state.tables,
    ...(state.globals === undefined
      ? {}
      : { globals: { saveExport: SAVE_GLOBALS_EXPORT, restoreExport: RESTORE_GLOBALS_EXPORT } }),
    initialPages: sum(state.memories.map(({ initialPages }) => initialPages)),
    initialElements: sum(state.tables.map(({ initialElements }) => initialElements)),
    hazards: context.hazards,
  };
}

/** The types of the module's own functions. The reader stays where it is. */
function readFunctions(reader: BinaryReader | undefined, count: number): number[] {
  if (reader === undefined) return [];
  const ahead = new BinaryReader(reader.bytes, reader.position, reader.end);
  return Array.from({ length: count }, () => ahead.u32());
}

interface State {
  readonly memories: MeteredMemory[];
  readonly tables: MeteredTable[];
  /** The functions that copy them, when there are any that change. */
  readonly globals: { readonly save: number; readonly restore: number } | undefined;
}

function writeState(
  context: ScanContext,
  known: Sections["known"],
  output: Output,
  limits: MeteringLimits,
): State {
  const tables = known.get(SECTION.table);
  const memories = known.get(SECTION.memory);
  const globals = known.get(SECTION.global);
  return {
    tables: tables ? writeTables(context, tables, output.section(SECTION.table), limits) : [],
    memories: memories ? writeMemories(context, memories, output.section(SECTION.memory), limits) : [],
    globals: globals ? writeGlobalState(context, globals, output.section(SECTION.global)) : undefined,
  };
}

function writeGlobalState(
  context: ScanContext,
  reader: BinaryReader,
  writer: BinaryWriter,
): State["globals"] {
  const shadowed = writeGlobals(context, reader, writer);
  if (shadowed.length === 0) return undefined;
  const { helpers } = context;
  return {
    save: helpers.copyGlobals(
      "save",
      shadowed.map(({ index, shadow }) => ({ from: index, to: shadow })),
    ),
    restore: helpers.copyGlobals(
      "restore",
      shadowed.map(({ index, shadow }) => ({ from: shadow, to: index })),
    ),
  };
}

/** An export with its index in the rewritten module, where the metering globals stand before the module's own. */
function moved(entry: ModuleExport, imports: Imports): ModuleExport {
  if (entry.kind !== "global" || entry.index < imports.globals) return entry;
  return { ...entry, index: entry.index + METERING_GLOBALS.length };
}

function stateExports(imports: Imports, state: State): ModuleExport[] {
  return [
    ...state.memories.map(({ exportName }, i) => ({
      name: exportName,
      kind: "memory" as const,
      index: imports.memories.length + i,
    })),
    ...state.tables.map(({ exportName }, i) => ({
      name: exportName,
      kind: "table" as const,
      index: imports.tables.length + i,
    })),
    ...(state.globals === undefined
      ? []
      : [
          { name: SAVE_GLOBALS_EXPORT, kind: "function" as const, index: state.globals.save },
          { name: RESTORE_GLOBALS_EXPORT, kind: "function" as const, index: state.globals.restore },
        ]),
  ];
}

/** The sections of the rewritten module, written in any order and put together in the right one. */
class Output {
  readonly #sections = new Map<number, BinaryWriter>();

  section(id: number): BinaryWriter {
    const writer = new BinaryWriter();
    this.#sections.set(id, writer);
    return writer;
  }

  module(names: Sections["names"]): Uint8Array {
    const size = sum([...this.#sections.values()].map(({ length }) => length));
    const writer = new BinaryWriter(size + 1024).append(HEADER);
    for (const id of SECTION_ORDER) {
      const content = this.#sections.get(id);
      if (content !== undefined) writer.u8(id).u32(content.length).appendWriter(content);
    }
    if (names !== undefined) {
      const content = new BinaryWriter();
      writeFunctionNames(names, content);
      if (content.length > 0) writer.u8(SECTION.custom).u32(content.length).appendWriter(content);
    }
    return writer.view();
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function scanContext(
  bytes: Uint8Array,
  imports: Imports,
  own: {
    readonly functions: readonly (Signature | undefined)[];
    readonly types: number;
    readonly longLoop: number;
  },
): ScanContext {
  return {
    bytes,
    edits: new EditList(),
    importedGlobals: imports.globals,
    globalShift: METERING_GLOBALS.length,
    calls: new CallGraph(imports.functions, own.functions.length),
    signatures: own.functions,
    longLoop: own.longLoop,
    helpers: new HelperFunctions({
      functions: imports.functions + own.functions.length,
      types: own.types,
      globals: imports.globals,
    }),
    memories64: imports.memories.map(({ index64 }) => index64),
    tables64: imports.tables.map(({ index64 }) => index64),
    hazards: { tableWrites: 0, segmentDrops: 0, heapWrites: 0 },
  };
}
