import { type BinaryReader, malformed } from "./binary-reader.ts";
import { type Limits, readLimits } from "./limits.ts";
import { readValueType } from "./types.ts";

export type ExternKind = "function" | "table" | "memory" | "global" | "tag";

export interface ModuleImport {
  readonly module: string;
  readonly name: string;
  readonly kind: ExternKind;
}

export interface Imports {
  readonly all: readonly ModuleImport[];
  readonly functions: number;
  readonly globals: number;
  readonly memories: readonly Limits[];
  readonly tables: readonly Limits[];
  /** The import entries as they stand in the source. */
  readonly entries: Uint8Array;
}

export const EXTERN_KINDS: readonly ExternKind[] = ["function", "table", "memory", "global", "tag"];

export function readImports(reader: BinaryReader | undefined): Imports {
  const all: ModuleImport[] = [];
  const memories: Limits[] = [];
  const tables: Limits[] = [];
  let functions = 0;
  let globals = 0;
  const count = reader?.u32() ?? 0;
  const entries = reader?.bytes.subarray(reader.position, reader.end) ?? new Uint8Array();
  for (let i = 0; reader !== undefined && i < count; i++) {
    const module = reader.name();
    const name = reader.name();
    const at = reader.position;
    const kind = EXTERN_KINDS[reader.u8()];
    switch (kind) {
      case "function":
        reader.u32();
        functions++;
        break;
      case "table":
        readValueType(reader);
        tables.push(readLimits(reader));
        break;
      case "memory":
        memories.push(readLimits(reader));
        break;
      case "global":
        readValueType(reader);
        reader.u8();
        globals++;
        break;
      case "tag":
        reader.u8();
        reader.u32();
        break;
      default:
        throw malformed(at, "unknown import kind");
    }
    all.push({ module, name, kind });
  }
  reader?.expectDone("the import section");
  return { all, functions, globals, memories, tables, entries };
}
