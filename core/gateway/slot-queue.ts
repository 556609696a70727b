/** Waiting calls of a whole process, whosever they are: each holds its request's body. */
const MAX_WAITING = 1_000;

export interface SlotScope {
  /** Calls that run are counted under it. */
  readonly key: string;
  readonly limit: number;
}

export interface SlotRequest {
  /** All of them must have a free slot. */
  readonly scopes: readonly SlotScope[];
  /** Whose turn it is goes round the installs, and within one round its callers. */
  readonly install: string;
  readonly caller: string;
}

export interface SlotPatience {
  /** Aborts when the wait is over. */
  readonly until: AbortSignal;
  /** Calls of the install that may wait. */
  readonly capacity: number;
  /** Aborts when the caller has gone; the wait then rejects with its reason. */
  readonly gone: readonly AbortSignal[];
}

interface Waiter {
  readonly request: SlotRequest;
  readonly serve: () => void;
}

export type Wait =
  | { readonly outcome: "served"; readonly release: () => void }
  | { readonly outcome: "full" | "waited_out" };

/**
 * Slots in which calls run, and the calls that wait for one. Served are installs in turn and the callers of an install
 * in turn, first come first within a caller, so that nobody's burst holds up the others. A call whose slots are taken
 * does not hold up one of another install that could run.
 */
export class SlotQueue {
  readonly #running = new Map<string, number>();
  /** By install, then by caller; the order of both maps is the order of turns. */
  readonly #waiting = new Map<string, Map<string, Waiter[]>>();
  #waitingCount = 0;

  running(key: string): number {
    return this.#running.get(key) ?? 0;
  }

  waitingOf(install: string): number {
    let count = 0;
    for (const waiters of this.#waiting.get(install)?.values() ?? []) count += waiters.length;
    return count;
  }

  /** A slot at once, or nothing. @returns gives the slot back; calling it again does nothing */
  take(request: SlotRequest): (() => void) | undefined {
    return this.#isFree(request) ? this.#occupy(request) : undefined;
  }

  async wait(request: SlotRequest, { until, capacity, gone }: SlotPatience): Promise<Wait> {
    for (const signal of gone) signal.throwIfAborted();
    if (this.#waitingCount >= MAX_WAITING || this.waitingOf(request.install) >= capacity) {
      return { outcome: "full" };
    }
    const { promise, resolve, reject } = Promise.withResolvers<Wait>();
    const waiter: Waiter = {
      request,
      serve: () => resolve({ outcome: "served", release: this.#occupy(request) }),
    };
    this.#enqueue(waiter);
    const listening = new AbortController();
    // Out of the queue at once: a turn later it could be given a slot that nobody gives back.
    const leaving = (settle: () => void) => () => {
      this.#leave(waiter);
      settle();
    };
    const { signal: done } = listening;
    for (const signal of gone) {
      signal.addEventListener(
        "abort",
        leaving(() => reject(signal.reason)),
        { signal: done },
      );
    }
    const giveUp = leaving(() => resolve({ outcome: "waited_out" }));
    if (until.aborted) giveUp();
    until.addEventListener("abort", giveUp, { signal: done });
    try {
      return await promise;
    } finally {
      listening.abort();
    }
  }

  #isFree({ scopes }: SlotRequest): boolean {
    return scopes.every(({ key, limit }) => this.running(key) < limit);
  }

  #occupy({ scopes }: SlotRequest): () => void {
    for (const { key } of scopes) this.#running.set(key, this.running(key) + 1);
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      for (const { key } of scopes) {
        const left = this.running(key) - 1;
        if (left > 0) this.#running.set(key, left);
        else this.#running.delete(key);
      }
      this.#serve();
    };
  }

  #serve(): void {
    while (this.#waitingCount > 0 && this.#serveNext());
  }

  /** Serves the first whose turn it is and who can run; both its install and its caller go to the end. */
  #serveNext(): boolean {
    for (const [install, callers] of this.#waiting) {
      for (const [caller, waiters] of callers) {
        const [first] = waiters;
        if (first === undefined || !this.#isFree(first.request)) continue;
        this.#leave(first);
        // What is left of them goes to the end of the turn.
        if (callers.delete(caller) && waiters.length > 0) callers.set(caller, waiters);
        if (this.#waiting.delete(install) && callers.size > 0) this.#waiting.set(install, callers);
        first.serve();
        return true;
      }
    }
    return false;
  }

  #enqueue(waiter: Waiter): void {
    const { install, caller } = waiter.request;
    const callers = this.#waiting.get(install) ?? new Map<string, Waiter[]>();
    const waiters = callers.get(caller) ?? [];
    waiters.push(waiter);
    callers.set(caller, waiters);
    this.#waiting.set(install, callers);
    this.#waitingCount += 1;
  }

  /** Leaving what one has left is harmless. */
  #leave(waiter: Waiter): void {
    const { install, caller } = waiter.request;
    const callers = this.#waiting.get(install);
    const waiters = callers?.get(caller);
    const place = waiters?.indexOf(waiter) ?? -1;
    if (callers === undefined || waiters === undefined || place < 0) return;
    waiters.splice(place, 1);
    this.#waitingCount -= 1;
    if (waiters.length === 0) callers.delete(caller);
    if (callers.size === 0) this.#waiting.delete(install);
  }
}
