import type { BinaryReader } from "./binary-reader.ts";
import { BinaryWriter } from "./binary-writer.ts";
import type { Imports } from "./imports.ts";
import type { MeteredMemory, MeteredTable, MeteringLimits } from "./instrumented-module.ts";
import {
  capLimits,
  readLimits,
  refuseLargeMemory,
  refuseLargeTable,
  refuseShared,
  writeLimits,
} from "./limits.ts";
import { METERING_EXPORT_PREFIX, METERING_GLOBALS, METERING_IMPORT_MODULE } from "./reserved-names.ts";
import { writeEdited } from "./rewriting.ts";
import type { ScanContext } from "./scan-context.ts";
import { skipConstant } from "./segments.ts";
import { readValueType } from "./types.ts";

const EXTERN_GLOBAL = 3;
const VALUE_TYPES = { i32: 0x7f, i64: 0x7e, funcref: 0x70 } as const;
const MUTABLE = 1;

/** The module's own imports, then the metering globals. */
export function writeImports(writer: BinaryWriter, imports: Imports): void {
  writer.u32(imports.all.length + METERING_GLOBALS.length).append(imports.entries);
  for (const { name, valueType, isMutable } of METERING_GLOBALS) {
    writer.name(METERING_IMPORT_MODULE).name(name);
    writer
      .u8(EXTERN_GLOBAL)
      .u8(VALUE_TYPES[valueType])
      .u8(isMutable ? MUTABLE : 0);
  }
}

/** Memories with every maximum capped. */
export function writeMemories(
  context: ScanContext,
  reader: BinaryReader,
  writer: BinaryWriter,
  limits: MeteringLimits,
): MeteredMemory[] {
  const memories: MeteredMemory[] = [];
  let pages = 0n;
  const count = reader.u32();
  writer.u32(count);
  for (let i = 0; i < count; i++) {
    const declared = readLimits(reader);
    refuseShared(declared);
    pages += declared.initial;
    refuseLargeMemory(pages, limits.maxMemoryPages);
    const capped = capLimits(declared, limits.maxMemoryPages);
    writeLimits(writer, capped);
    memories.push({
      exportName: `${METERING_EXPORT_PREFIX}memory:${context.memories64.length}`,
      initialPages: Number(declared.initial),
      maximumPages: Number(capped.maximum),
      index64: declared.index64,
    });
    context.memories64.push(declared.index64);
  }
  reader.expectDone("the memory section");
  return memories;
}

const TABLE_WITH_INITIALISER = 0x40;

/** Tables with every maximum capped. */
export function writeTables(
  context: ScanContext,
  reader: BinaryReader,
  writer: BinaryWriter,
  limits: MeteringLimits,
): MeteredTable[] {
  const tables: MeteredTable[] = [];
  let elements = 0n;
  const count = reader.u32();
  writer.u32(count);
  for (let i = 0; i < count; i++) {
    const start = reader.position;
    const initialised = reader.bytes[start] === TABLE_WITH_INITIALISER;
    if (initialised) reader.skip(2);
    readValueType(reader);
    writer.copy(reader.bytes, start, reader.position);
    const declared = readLimits(reader);
    elements += declared.initial;
    refuseLargeTable(elements, limits.maxTableElements);
    const capped = capLimits(declared, limits.maxTableElements);
    writeLimits(writer, capped);
    if (initialised) writeConstant(context, reader, writer);
    tables.push({
      exportName: `${METERING_EXPORT_PREFIX}table:${context.tables64.length}`,
      initialElements: Number(declared.initial),
      maximumElements: Number(capped.maximum),
    });
    context.tables64.push(declared.index64);
  }
  reader.expectDone("the table section");
  return tables;
}

/** A mutable global of the module and the global that holds its copy, by their indices in the rewritten module. */
export interface ShadowedGlobal {
  readonly index: number;
  readonly shadow: number;
}

/**
 * Globals, and behind them one more for each that can change, of the same type and first value: only a module's own
 * code can copy a global of every type, and a global that is not nullable needs a value from the start.
 */
export function writeGlobals(
  context: ScanContext,
  reader: BinaryReader,
  writer: BinaryWriter,
): ShadowedGlobal[] {
  const entries = new BinaryWriter();
  const shadows = new BinaryWriter();
  const mutable: number[] = [];
  const count = reader.u32();
  for (let i = 0; i < count; i++) {
    const start = reader.position;
    readValueType(reader);
    const isMutable = reader.u8() === MUTABLE;
    const entry = new BinaryWriter().copy(reader.bytes, start, reader.position);
    writeConstant(context, reader, entry);
    entries.appendWriter(entry);
    if (!isMutable) continue;
    shadows.appendWriter(entry);
    mutable.push(i);
  }
  reader.expectDone("the global section");
  writer
    .u32(count + mutable.length)
    .appendWriter(entries)
    .appendWriter(shadows);
  const first = context.importedGlobals + context.globalShift;
  return mutable.map((own, position) => ({ index: first + own, shadow: first + count + position }));
}

function writeConstant(context: ScanContext, reader: BinaryReader, writer: BinaryWriter): void {
  const start = reader.position;
  context.edits.clear();
  skipConstant(context, reader);
  writeEdited(writer, reader.bytes, start, reader.position, context.edits, context.helpers.targets);
}
