/**
 * `wasi:io/poll`: a pollable is ready at an instant of the monotonic clock, at once when it waits for nothing, or
 * when the guest itself has done something. Nothing else exists to wait for: host calls return with their answer.
 */
export interface MonotonicClock {
  /** Nanoseconds from an arbitrary start. */
  now(): bigint;
  /** Told after a sleep, when time does not pass by itself. */
  advance?(nanoseconds: bigint): void;
}

const NANOSECONDS_PER_MILLISECOND = 1_000_000n;
/** The instant of what no passing of time brings about: later than the longest wait from the latest instant. */
export const NEVER = 2n ** 66n;

export class Pollable {
  readonly #readyAt: () => bigint;
  readonly #clock: MonotonicClock;

  constructor(clock: MonotonicClock, readyAt: bigint | (() => bigint)) {
    this.#clock = clock;
    this.#readyAt = typeof readyAt === "bigint" ? () => readyAt : readyAt;
  }

  ready(): boolean {
    return this.#clock.now() >= this.#readyAt();
  }

  /** Sleeps on the worker's own thread; the deadline ends the worker from outside. */
  block(): void {
    while (!this.ready()) {
      const readyAt = this.#readyAt();
      if (readyAt === NEVER) throw new Error("wasi:io/poll: waiting for what only the waiting one can do");
      const remaining = readyAt - this.#clock.now();
      sleep(remaining);
      this.#clock.advance?.(remaining);
    }
  }

  /** Which of the pollables are ready, waiting for the first when none is. */
  static poll(pollables: readonly Pollable[]): Uint32Array {
    if (pollables.length === 0) throw new Error("wasi:io/poll: poll of an empty list");
    const earliest = pollables.reduce((a, b) => (b.#readyAt() < a.#readyAt() ? b : a));
    earliest.block();
    return Uint32Array.from(pollables.flatMap((pollable, index) => (pollable.ready() ? [index] : [])));
  }
}

// Taken while there are globals: a guest's worker is left without.
const { wait } = Atomics;
const neverNotified = new Int32Array(new SharedArrayBuffer(4));

function sleep(nanoseconds: bigint): void {
  wait(neverNotified, 0, 0, Number(nanoseconds / NANOSECONDS_PER_MILLISECOND) + 1);
}

export function pollInterface() {
  return { Pollable, poll: Pollable.poll };
}
