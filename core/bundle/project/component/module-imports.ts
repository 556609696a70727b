import { concat, named, readSections, SECTION, SectionReader, text } from "./wasm-sections.ts";

export interface CoreImport {
  readonly module: string;
  readonly name: string;
  /** 0 function, 1 table, 2 memory, 3 global. */
  readonly kind: number;
  /** The import's kind and type, as encoded. */
  readonly description: Uint8Array;
}

export function encoded({ module, name, description }: CoreImport): Uint8Array {
  return concat([named(module), named(name), description]);
}

/** The imports of a core module; an empty list for a module that has none. */
export function importsOf(module: Uint8Array): CoreImport[] {
  const body = readSections(module).find(({ id }) => id === SECTION.import)?.body;
  return body ? readImports(body) : [];
}

export function readImports(body: Uint8Array): CoreImport[] {
  const reader = new SectionReader(body);
  return Array.from({ length: reader.u32() }, () => {
    const module = text(reader);
    const name = text(reader);
    const start = reader.position;
    const kind = skipImportType(reader);
    return { module, name, kind, description: reader.since(start) };
  });
}

function skipImportType(reader: SectionReader): number {
  const kind = reader.byte();
  if (kind === 0x00) reader.u32();
  else if (kind === 0x03) reader.take(2);
  else if (kind === 0x01 || kind === 0x02) {
    if (kind === 0x01) reader.byte();
    const hasMaximum = (reader.byte() & 1) !== 0;
    reader.u32();
    if (hasMaximum) reader.u32();
  } else throw new Error(`unknown kind of import 0x${kind.toString(16)}`);
  return kind;
}
