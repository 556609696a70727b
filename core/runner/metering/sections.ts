import { BinaryReader, malformed } from "./binary-reader.ts";
import { MeteringError } from "./errors.ts";

export const SECTION = {
  custom: 0,
  type: 1,
  import: 2,
  function: 3,
  table: 4,
  memory: 5,
  global: 6,
  export: 7,
  start: 8,
  element: 9,
  code: 10,
  data: 11,
  dataCount: 12,
  tag: 13,
} as const;

/** The order in which sections stand in a module. */
export const SECTION_ORDER: readonly number[] = [
  SECTION.type,
  SECTION.import,
  SECTION.function,
  SECTION.table,
  SECTION.memory,
  SECTION.tag,
  SECTION.global,
  SECTION.export,
  SECTION.start,
  SECTION.element,
  SECTION.dataCount,
  SECTION.code,
  SECTION.data,
];

export interface Sections {
  readonly known: ReadonlyMap<number, BinaryReader>;
  /** The content of the `name` section, when there is one. */
  readonly names: BinaryReader | undefined;
}

const CORE_MODULE_HEADER = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00] as const;

/** Splits a module; custom sections other than `name` are dropped (offsets in them would no longer hold). */
export function readSections(bytes: Uint8Array): Sections {
  if (CORE_MODULE_HEADER.some((byte, index) => bytes[index] !== byte)) {
    throw malformed(0, "no WebAssembly core module header");
  }
  const known = new Map<number, BinaryReader>();
  let names: BinaryReader | undefined;
  let reached = -1;
  const reader = new BinaryReader(bytes, CORE_MODULE_HEADER.length);
  while (!reader.done) {
    const at = reader.position;
    const id = reader.u8();
    const content = reader.slice(reader.u32());
    if (id === SECTION.custom) {
      if (content.name() === "name") names = content;
      continue;
    }
    const place = SECTION_ORDER.indexOf(id);
    if (place < 0) {
      throw new MeteringError({
        code: "unsupported_feature",
        message: "The module has a section of a kind that is not supported.",
        details: { offset: at, section: id },
      });
    }
    if (place <= reached) throw malformed(at, "section out of order");
    reached = place;
    known.set(id, content);
  }
  return { known, names };
}
