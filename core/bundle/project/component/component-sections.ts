import { concat, type Section, SectionReader, u32 } from "./wasm-sections.ts";

/** Sections of a component; those of a core module are in `wasm-sections.ts`. */
export const COMPONENT = { coreModule: 1, coreInstance: 2, nested: 4, alias: 6, type: 7 } as const;
const HEADER_BYTES = 8;

/** A module or component with the bodies of its sections as `change` gives them. */
export function rewritten(binary: Uint8Array, change: (section: Section) => Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [binary.subarray(0, HEADER_BYTES)];
  const reader = new SectionReader(binary, HEADER_BYTES);
  while (!reader.done) {
    const id = reader.byte();
    const body = change({ id, body: reader.take(reader.u32()) });
    parts.push(Uint8Array.of(id), u32(body.length), body);
  }
  return concat(parts);
}

/** A component with each of its core modules, nested components' included and in order of appearance, as `change` gives it. */
export function withCoreModules(
  component: Uint8Array,
  change: (module: Uint8Array) => Uint8Array,
): Uint8Array {
  return rewritten(component, ({ id, body }) => {
    if (id === COMPONENT.coreModule) return change(body);
    return id === COMPONENT.nested ? withCoreModules(body, change) : body;
  });
}
