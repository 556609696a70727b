/** Bytes asked for in exact amounts from a stream that yields them in chunks of its own size. */
export class ByteSource {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #current: Uint8Array = new Uint8Array(0);
  #position = 0;

  constructor(chunks: AsyncIterator<Uint8Array>) {
    this.#chunks = chunks;
  }

  /** Offset of the next byte from the start of the stream. */
  get position(): number {
    return this.#position;
  }

  /** Between 1 and `limit` bytes, whatever is at hand; `undefined` at the end of the stream. */
  async some(limit: number): Promise<Uint8Array | undefined> {
    while (this.#current.byteLength === 0) {
      const next = await this.#chunks.next();
      if (next.done === true) return undefined;
      this.#current = next.value;
    }
    const taken = this.#current.subarray(0, limit);
    this.#current = this.#current.subarray(taken.byteLength);
    this.#position += taken.byteLength;
    return taken;
  }

  /**
   * Exactly `length` bytes, fewer only when the stream ends before. Memory grows with what arrives, not with
   * what a header promised.
   */
  async take(length: number): Promise<Uint8Array> {
    const first = length === 0 ? undefined : await this.some(length);
    if (first === undefined || first.byteLength === length) return first ?? new Uint8Array(0);
    const parts = [first];
    let held = first.byteLength;
    while (held < length) {
      const part = await this.some(length - held);
      if (part === undefined) break;
      parts.push(part);
      held += part.byteLength;
    }
    return Buffer.concat(parts);
  }

  /** Drops `length` bytes; answers false when the stream ended before. */
  async skip(length: number): Promise<boolean> {
    let left = length;
    while (left > 0) {
      const part = await this.some(left);
      if (part === undefined) return false;
      left -= part.byteLength;
    }
    return true;
  }

  /** Ends the stream early and releases what feeds it. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }
}
