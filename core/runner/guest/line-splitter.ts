const NEWLINE = 0x0a;

/** Cuts a byte stream into lines of bounded length; the rest of a longer line is read and dropped. */
export class LineSplitter {
  readonly #maxBytes: number;
  readonly #emit: (line: Uint8Array, truncated: boolean) => void;
  readonly #pending: Uint8Array;
  #length = 0;
  #truncated = false;

  constructor(maxBytes: number, emit: (line: Uint8Array, truncated: boolean) => void) {
    this.#maxBytes = maxBytes;
    this.#emit = emit;
    this.#pending = new Uint8Array(maxBytes);
  }

  push(bytes: Uint8Array): void {
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, start)) {
      this.#take(bytes.subarray(start, end));
      this.#finishLine();
      start = end + 1;
    }
    this.#take(bytes.subarray(start));
  }

  /** Emits what is left without a newline. */
  end(): void {
    if (this.#length > 0) this.#finishLine();
  }

  #take(part: Uint8Array): void {
    const room = this.#maxBytes - this.#length;
    if (part.byteLength > room) this.#truncated = true;
    const kept = part.subarray(0, room);
    this.#pending.set(kept, this.#length);
    this.#length += kept.byteLength;
  }

  #finishLine(): void {
    this.#emit(this.#pending.subarray(0, this.#length), this.#truncated);
    this.#length = 0;
    this.#truncated = false;
  }
}
