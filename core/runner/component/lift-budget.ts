/** A list's element on the JavaScript heap, with its place in the list. */
const ITEM_WEIGHT = 128;
/** Copied bytes lie outside that heap: they weigh an eighth of text. */
const COPIES_A_WEIGHT = 8;
/** 64 MiB of text, half a million elements, 512 MiB of copied bytes, or some of each: a third of a worker's heap. */
const MAX_WEIGHT = 64 * 1024 * 1024;

/** A component handed over more at once than its thread has room for. */
export class TooMuchLifted extends Error {}

/**
 * What is lifted out of a component at once: the arguments of one call, or the answer. A heap that fills in small steps
 * ends its thread; one text or one list that finds no room at all ends the process, and lists may name the same
 * bytes many times over.
 */
export class LiftBudget {
  #weight = 0;

  /** Before so many bytes of text are decoded. @throws TooMuchLifted */
  text(bytes: number): void {
    this.#take(bytes);
  }

  /** Before a list of so many elements is made. Answers their number. @throws TooMuchLifted */
  items(count: number): number {
    this.#take(count * ITEM_WEIGHT);
    return count;
  }

  /** Before so many bytes are copied. Answers their number. @throws TooMuchLifted */
  copy(bytes: number): number {
    this.#take(bytes / COPIES_A_WEIGHT);
    return bytes;
  }

  /** What a call took is free when it returns; what encloses it goes on where it was. */
  within<T>(call: () => T): T {
    const before = this.#weight;
    try {
      return call();
    } finally {
      this.#weight = before;
    }
  }

  reset(): void {
    this.#weight = 0;
  }

  /** Lengths are the component's own words, and some of them signed. */
  #take(weight: number): void {
    this.#weight += Math.max(0, weight);
    if (this.#weight > MAX_WEIGHT) throw new TooMuchLifted();
  }
}
