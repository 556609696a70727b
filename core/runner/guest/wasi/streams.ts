import { type MonotonicClock, Pollable } from "./poll.ts";

/** How much a guest reads or writes at once; more comes in several calls. */
const CHUNK_BYTES = 65_536n;

/** `wasi:io/error`: the type must exist, though no operation of ours fails with one. */
export class IoError extends Error {
  toDebugString(): string {
    return this.message;
  }
}

const EMPTY = new Uint8Array();

/** Bytes that are there already, then the end. Without any it is what standard input is to an extension. */
export class InputStream {
  readonly #clock: MonotonicClock;
  #rest: Uint8Array;

  constructor(clock: MonotonicClock, bytes: Uint8Array = EMPTY) {
    this.#clock = clock;
    this.#rest = bytes;
  }

  read(length: bigint): Uint8Array {
    if (this.#rest.byteLength === 0) throw closed();
    const count = Number(length < CHUNK_BYTES ? length : CHUNK_BYTES);
    const read = this.#rest.subarray(0, count);
    this.#rest = this.#rest.subarray(count);
    return read;
  }

  blockingRead(length: bigint): Uint8Array {
    return this.read(length);
  }

  skip(length: bigint): bigint {
    return BigInt(this.read(length).byteLength);
  }

  blockingSkip(length: bigint): bigint {
    return this.skip(length);
  }

  subscribe(): Pollable {
    return new Pollable(this.#clock, 0n);
  }
}

/** Standard output or error: always ready, never full, never failing. */
export class OutputStream {
  readonly #clock: MonotonicClock;
  readonly #sink: (bytes: Uint8Array) => void;

  constructor(clock: MonotonicClock, sink: (bytes: Uint8Array) => void) {
    this.#clock = clock;
    this.#sink = sink;
  }

  checkWrite(): bigint {
    return CHUNK_BYTES;
  }

  write(contents: Uint8Array): void {
    this.#sink(contents);
  }

  blockingWriteAndFlush(contents: Uint8Array): void {
    this.#sink(contents);
  }

  flush(): void {}

  blockingFlush(): void {}

  writeZeroes(length: bigint): void {
    this.#sink(new Uint8Array(Number(length < CHUNK_BYTES ? length : CHUNK_BYTES)));
  }

  blockingWriteZeroesAndFlush(length: bigint): void {
    this.writeZeroes(length);
  }

  splice(): bigint {
    throw closed();
  }

  blockingSplice(): bigint {
    throw closed();
  }

  subscribe(): Pollable {
    return new Pollable(this.#clock, 0n);
  }
}

/** jco lowers the own property `payload` into the result's `err`. */
function closed(): Error {
  return Object.assign(new Error("the stream is closed"), { payload: { tag: "closed" } });
}
