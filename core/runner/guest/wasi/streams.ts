import { type MonotonicClock, Pollable } from "./poll.ts";

/** How much a guest may write at once; larger writes come in several calls. */
const WRITE_BUDGET = 65_536n;

/** `wasi:io/error`: the type must exist, though no operation of ours fails with one. */
export class IoError extends Error {
  toDebugString(): string {
    return this.message;
  }
}

/** A stream at its end: what standard input is to an extension. */
export class InputStream {
  readonly #clock: MonotonicClock;

  constructor(clock: MonotonicClock) {
    this.#clock = clock;
  }

  read(): Uint8Array {
    throw closed();
  }

  blockingRead(): Uint8Array {
    throw closed();
  }

  skip(): bigint {
    throw closed();
  }

  blockingSkip(): bigint {
    throw closed();
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
    return WRITE_BUDGET;
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
    this.#sink(new Uint8Array(Number(length < WRITE_BUDGET ? length : WRITE_BUDGET)));
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
