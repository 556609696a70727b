import { Buffer } from "node:buffer";

/** What is compared and copied at once: large enough for few calls, small enough to copy little. */
const BLOCK_BYTES = 16_384;
const ZEROES = new Uint8Array(BLOCK_BYTES);

/**
 * The bytes of a linear memory at one moment, and the way back to them. Blocks of zeroes are not kept: most of a
 * memory was never written, and comparing an untouched page costs neither memory nor much time.
 */
export class MemoryImage {
  readonly #memory: WebAssembly.Memory;
  readonly #buffer: ArrayBuffer;
  readonly #blocks: { readonly live: Uint8Array; readonly kept: Uint8Array }[] = [];
  /** Bytes that the image holds. */
  readonly bytes: number;

  constructor(memory: WebAssembly.Memory) {
    this.#memory = memory;
    this.#buffer = memory.buffer;
    let bytes = 0;
    for (let at = 0; at < this.#buffer.byteLength; at += BLOCK_BYTES) {
      // A page is a whole number of blocks.
      const live = new Uint8Array(this.#buffer, at, BLOCK_BYTES);
      const kept = Buffer.compare(live, ZEROES) === 0 ? ZEROES : live.slice();
      if (kept !== ZEROES) bytes += BLOCK_BYTES;
      this.#blocks.push({ live, kept });
    }
    this.bytes = bytes;
  }

  /** Bytes of the memory itself. */
  get size(): number {
    return this.#buffer.byteLength;
  }

  /** The memory grew, which cannot be undone. (Growing replaces the buffer, also by no pages.) */
  get grown(): boolean {
    return this.#memory.buffer !== this.#buffer;
  }

  restore(): void {
    for (const { live, kept } of this.#blocks) if (Buffer.compare(live, kept) !== 0) live.set(kept);
  }
}
