/** The longest encoding of 32 bits. */
const SIZE_BYTES = 5;

/** Grows by doubling, so that rewriting a large module copies each byte a bounded number of times. */
export class BinaryWriter {
  #bytes: Uint8Array;
  #length = 0;

  constructor(capacity = 256) {
    this.#bytes = new Uint8Array(capacity);
  }

  get length(): number {
    return this.#length;
  }

  u8(byte: number): this {
    this.#reserve(1);
    this.#bytes[this.#length++] = byte;
    return this;
  }

  u32(value: number): this {
    this.#reserve(5);
    let rest = value;
    while (rest >= 0x80) {
      this.#bytes[this.#length++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.#bytes[this.#length++] = rest;
    return this;
  }

  u64(value: bigint): this {
    let rest = value;
    while (rest >= 0x80n) {
      this.u8(Number(rest & 0x7fn) | 0x80);
      rest >>= 7n;
    }
    return this.u8(Number(rest));
  }

  /** In front of what is written meanwhile its length, always of five bytes: nothing need be moved or copied for it. */
  sized(write: () => void): this {
    this.#reserve(SIZE_BYTES);
    this.#length += SIZE_BYTES;
    const start = this.#length;
    write();
    let rest = this.#length - start;
    for (let at = start - SIZE_BYTES; at < start - 1; at++) {
      this.#bytes[at] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.#bytes[start - 1] = rest;
    return this;
  }

  /** Signed LEB128 of a non-negative number below 2^31. */
  s32(value: number): this {
    this.#reserve(5);
    let rest = value;
    while (rest >= 0x40) {
      this.#bytes[this.#length++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.#bytes[this.#length++] = rest;
    return this;
  }

  name(text: string): this {
    const encoded = new TextEncoder().encode(text);
    return this.u32(encoded.length).append(encoded);
  }

  append(bytes: Uint8Array | readonly number[]): this {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
    return this;
  }

  copy(source: Uint8Array, start: number, end: number): this {
    // Most copies are a few bytes between two injections, where a view costs more than the loop.
    const count = end - start;
    this.#reserve(count);
    if (count > 64) {
      this.#bytes.set(source.subarray(start, end), this.#length);
    } else {
      for (let i = 0; i < count; i++) this.#bytes[this.#length + i] = source[start + i] as number; // in range
    }
    this.#length += count;
    return this;
  }

  appendWriter(other: BinaryWriter): this {
    return this.append(other.view());
  }

  /** Valid until the next write. */
  view(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  reset(): this {
    this.#length = 0;
    return this;
  }

  #reserve(count: number): void {
    const needed = this.#length + count;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }
}
