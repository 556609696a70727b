import { BinaryReader } from "../metering/index.ts";
import { ComponentError } from "./errors.ts";

/** What toolchains and composers of components make is a handful of levels deep. */
const MAX_DEPTH = 32;
/** Bytes of all nested components together, each counted with what is nested in it, for a byte of the whole. */
const MAX_NESTED_SHARE = 8;
const HEADER_BYTES = 8;
const COMPONENT_SECTION = 4;

/**
 * Refuses a component that is nested too deeply: parser and generator go down with it, in time and memory that grow
 * with the square of the depth, and twelve thousand levels fit into a bundle of a few kilobytes.
 *
 * The bytes are untrusted. What cannot be read is left for the parser to refuse.
 * @throws ComponentError
 */
export function requireShallow(component: Uint8Array): void {
  /** Where each open component ends, the innermost last. */
  const ends = [component.byteLength];
  let nested = 0;
  try {
    const reader = new BinaryReader(component);
    reader.skip(HEADER_BYTES);
    for (;;) {
      while (ends.length > 0 && reader.position === ends.at(-1)) ends.pop();
      if (ends.length === 0) return;
      const id = reader.u8();
      const content = reader.slice(reader.u32());
      if (id !== COMPONENT_SECTION) continue;
      nested += content.end - content.position;
      if (ends.length > MAX_DEPTH || nested > MAX_NESTED_SHARE * component.byteLength) throw tooDeep();
      ends.push(content.end);
      reader.position = content.position + HEADER_BYTES;
    }
  } catch (error) {
    if (error instanceof ComponentError) throw error;
  }
}

function tooDeep(): ComponentError {
  return new ComponentError({
    code: "component_too_large",
    message: "The component consists of components that are nested too deeply.",
    details: { expected: `at most ${MAX_DEPTH} levels` },
  });
}
