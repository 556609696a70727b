import { COMPONENT, rewritten } from "./component-sections.ts";
import { encoded, readImports } from "./module-imports.ts";
import { CLOCK_CONSTANT, CLOCK_NOW } from "./quickjs-runtime.ts";
import { concat, named, SECTION, type Section, u32 } from "./wasm-sections.ts";

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
