/** Sections of a core WebAssembly module: enough to swap whole sections, never to look into code. */

export const SECTION = {
  custom: 0,
  import: 2,
  memory: 5,
  global: 6,
  export: 7,
  start: 8,
  code: 10,
  data: 11,
  dataCount: 12,
} as const;
const HEADER_BYTES = 8;

export interface Section {
  readonly id: number;
  readonly body: Uint8Array;
}

/** Reads LEB128 numbers and bytes; a read past the end throws. */
export class SectionReader {
  readonly #bytes: Uint8Array;
  #position: number;

  constructor(bytes: Uint8Array, position = 0) {
    this.#bytes = bytes;
    this.#position = position;
  }

  get done(): boolean {
    return this.#position >= this.#bytes.length;
  }

  get position(): number {
    return this.#position;
  }

  byte(): number {
    const byte = this.#bytes[this.#position++];
    if (byte === undefined) throw new Error("unexpected end of a WebAssembly section");
    return byte;
  }

  u32(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.byte();
      value += (byte & 0x7f) * 2 ** shift;
      if ((byte & 0x80) === 0) return value;
    }
    throw new Error("malformed number in a WebAssembly section");
  }

  skipLeb(): void {
    while ((this.byte() & 0x80) !== 0);
  }

  take(length: number): Uint8Array {
    const taken = this.#bytes.subarray(this.#position, this.#position + length);
    if (taken.length !== length) throw new Error("unexpected end of a WebAssembly section");
    this.#position += length;
    return taken;
  }

  since(start: number): Uint8Array {
    return this.#bytes.subarray(start, this.#position);
  }
}

export function readSections(module: Uint8Array): Section[] {
  const reader = new SectionReader(module, HEADER_BYTES);
  const sections: Section[] = [];
  while (!reader.done) {
    const id = reader.byte();
    sections.push({ id, body: reader.take(reader.u32()) });
  }
  return sections;
}

export function writeModule(sections: readonly Section[]): Uint8Array {
  const header = Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00);
  return concat([header, ...sections.flatMap(({ id, body }) => [Uint8Array.of(id), u32(body.length), body])]);
}

/** A vector: its count, then its items. */
export function vector(items: readonly Uint8Array[]): Uint8Array {
  return concat([u32(items.length), ...items]);
}

/** Reads a name: its length, then its bytes. */
export function text(reader: SectionReader): string {
  return new TextDecoder().decode(reader.take(reader.u32()));
}

export function named(name: string): Uint8Array {
  const bytes = new TextEncoder().encode(name);
  return concat([u32(bytes.length), bytes]);
}

export function u32(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = rest % 128;
    rest = Math.floor(rest / 128);
    bytes.push(rest > 0 ? low | 0x80 : low);
  } while (rest > 0);
  return Uint8Array.from(bytes);
}

/** Signed LEB128, for `i32.const` and `i64.const`. */
export function signed(value: bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (;;) {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    const complete = (rest === 0n && (low & 0x40) === 0) || (rest === -1n && (low & 0x40) !== 0);
    bytes.push(complete ? low : low | 0x80);
    if (complete) return Uint8Array.from(bytes);
  }
}

export function concat(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}
