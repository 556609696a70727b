import { MeteringError } from "./errors.ts";

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** A cursor over a range of a WebAssembly binary. Never reads past its end; every surprise is a typed error. */
export class BinaryReader {
  readonly bytes: Uint8Array;
  readonly end: number;
  position: number;

  constructor(bytes: Uint8Array, position = 0, end = bytes.length) {
    this.bytes = bytes;
    this.position = position;
    this.end = end;
  }

  get done(): boolean {
    return this.position >= this.end;
  }

  u8(): number {
    if (this.position >= this.end) throw malformed(this.position, "unexpected end");
    // In range by the check above; a typed array never holds holes.
    return this.bytes[this.position++] as number;
  }

  /** Unsigned LEB128 of at most 32 bits. */
  u32(): number {
    let result = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.u8();
      if (shift === 28 && byte > 0x0f) throw malformed(this.position - 1, "integer too large");
      result += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return result;
    }
    throw malformed(this.position, "integer too long");
  }

  /** Unsigned LEB128 of at most 64 bits. */
  u64(): bigint {
    let result = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.u8();
      if (shift === 63n && byte > 1) throw malformed(this.position - 1, "integer too large");
      result |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return result;
    }
    throw malformed(this.position, "integer too long");
  }

  /** Steps over one LEB128 integer of any width up to 64 bits. */
  skipLeb(): void {
    for (let length = 0; length < 10; length++) {
      if (this.u8() < 0x80) return;
    }
    throw malformed(this.position, "integer too long");
  }

  skip(count: number): void {
    if (count > this.end - this.position) throw malformed(this.position, "unexpected end");
    this.position += count;
  }

  name(): string {
    const length = this.u32();
    const start = this.position;
    this.skip(length);
    try {
      return utf8.decode(this.bytes.subarray(start, this.position));
    } catch {
      throw malformed(start, "name is not UTF-8");
    }
  }

  /** A reader over the next `length` bytes, which this one steps over. */
  slice(length: number): BinaryReader {
    const start = this.position;
    this.skip(length);
    return new BinaryReader(this.bytes, start, this.position);
  }

  expectDone(what: string): void {
    if (this.position !== this.end) throw malformed(this.position, `${what} has bytes left over`);
  }
}

export function malformed(offset: number, problem: string): MeteringError {
  return new MeteringError({
    code: "malformed_module",
    message: `The WebAssembly module is malformed: ${problem} at byte ${offset}.`,
    details: { offset },
    hint: "Build the component again; the file may be truncated or damaged.",
  });
}
