import { CLOCK_CONSTANT, CLOCK_NOW, encoded, readImports } from "./quickjs-runtime.ts";
import { concat, named, SECTION, type Section, SectionReader, u32 } from "./wasm-sections.ts";

const HEADER_BYTES = 8;
/** Sections of a component; those of a core module are in `wasm-sections.ts`. */
const COMPONENT = { coreModule: 1, coreInstance: 2, nested: 4, alias: 6, type: 7 } as const;
const NAMED = new Set<number>([COMPONENT.coreInstance, COMPONENT.alias, COMPONENT.type]);

/**
 * Points every clock call of a finished component from the constant that its making used back to the clock.
 * Names in these sections are strings with a length before them and nothing else depends on their size, so that
 * replacing one and writing the enclosing sizes anew is a complete edit.
 */
export function renameClockCalls(component: Uint8Array): Uint8Array {
  return rewritten(component, (section) => {
    if (section.id === COMPONENT.coreModule) return rewritten(section.body, renameImports);
    if (section.id === COMPONENT.nested) return renameClockCalls(section.body);
    return NAMED.has(section.id) ? replaceName(section.body) : section.body;
  });
}

function renameImports(section: Section): Uint8Array {
  if (section.id !== SECTION.import) return section.body;
  const imports = readImports(section.body).map((entry) =>
    entry.module.startsWith("wasi:clocks/") && entry.name === CLOCK_CONSTANT
      ? { ...entry, name: CLOCK_NOW }
      : entry,
  );
  return concat([u32(imports.length), ...imports.map(encoded)]);
}

function rewritten(binary: Uint8Array, change: (section: Section) => Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [binary.subarray(0, HEADER_BYTES)];
  const reader = new SectionReader(binary, HEADER_BYTES);
  while (!reader.done) {
    const id = reader.byte();
    const body = change({ id, body: reader.take(reader.u32()) });
    parts.push(Uint8Array.of(id), u32(body.length), body);
  }
  return concat(parts);
}

function replaceName(body: Uint8Array): Uint8Array {
  const from = Buffer.from(named(CLOCK_CONSTANT));
  const to = named(CLOCK_NOW);
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const parts: Uint8Array[] = [];
  let position = 0;
  for (let at = bytes.indexOf(from); at >= 0; at = bytes.indexOf(from, position)) {
    parts.push(bytes.subarray(position, at), to);
    position = at + from.length;
  }
  return concat([...parts, bytes.subarray(position)]);
}
