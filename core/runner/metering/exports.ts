import { type BinaryReader, malformed } from "./binary-reader.ts";
import type { BinaryWriter } from "./binary-writer.ts";
import { MeteringError } from "./errors.ts";
import { EXTERN_KINDS, type ExternKind, type Imports } from "./imports.ts";
import { METERING_EXPORT_PREFIX, METERING_IMPORT_MODULE } from "./reserved-names.ts";

export interface ModuleExport {
  readonly name: string;
  readonly kind: ExternKind;
  readonly index: number;
}

export function readExports(reader: BinaryReader | undefined): ModuleExport[] {
  const exports: ModuleExport[] = [];
  const count = reader?.u32() ?? 0;
  for (let i = 0; reader !== undefined && i < count; i++) {
    const name = reader.name();
    const kind = EXTERN_KINDS[reader.u8()];
    if (kind === undefined) throw malformed(reader.position - 1, "unknown export kind");
    exports.push({ name, kind, index: reader.u32() });
  }
  reader?.expectDone("the export section");
  return exports;
}

export function writeExports(writer: BinaryWriter, exports: readonly ModuleExport[]): void {
  writer.u32(exports.length);
  for (const { name, kind, index } of exports) {
    writer.name(name).u8(EXTERN_KINDS.indexOf(kind)).u32(index);
  }
}

/** A guest that could name the counters could also refill them. */
export function refuseReservedNames(imports: Imports, exports: readonly ModuleExport[]): void {
  const taken =
    imports.all.some(({ module }) => module === METERING_IMPORT_MODULE) ||
    exports.some(({ name }) => name.startsWith(METERING_EXPORT_PREFIX));
  if (!taken) return;
  throw new MeteringError({
    code: "reserved_name",
    message: `The module uses a name that starts with "${METERING_EXPORT_PREFIX}", which is reserved.`,
    hint: "Rename the import or export.",
  });
}
