/** A value that is followed by whoever comes: each sees the newest one, and what came between two looks is left out. */
export interface Latest<T> {
  get(): T;
  set(value: T): void;
  follow(signal: AbortSignal): AsyncIterable<readonly T[]>;
}

export function createLatest<T>(initial: T): Latest<T> {
  let value = initial;
  let changed = Promise.withResolvers<void>();
  return {
    get: () => value,
    set(next) {
      value = next;
      changed.resolve();
      changed = Promise.withResolvers<void>();
    },
    async *follow(signal) {
      const aborted = new Promise<void>((resolve) => {
        if (signal.aborted) resolve();
        else signal.addEventListener("abort", () => resolve(), { once: true });
      });
      while (!signal.aborted) {
        // Taken before the value: what is set while the reader is busy is noticed.
        const next = changed.promise;
        yield [value];
        await Promise.race([next, aborted]);
      }
    },
  };
}
