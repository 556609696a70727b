import { type ClientFailure, failureOf } from "./failure.ts";
import { createStore, type Readable } from "./store.ts";

/** Data of the host as a screen sees it. What was loaded stays visible while it loads again or cannot be reached. */
export interface ResourceState<T> {
  readonly data: T | undefined;
  readonly loading: boolean;
  readonly failure: ClientFailure | undefined;
}

export interface Resource<T> extends Readable<ResourceState<T>> {
  /** Loads again. A later call wins over an earlier one whose answer is still under way. */
  reload(): Promise<void>;
}

export function createResource<T>(load: (signal: AbortSignal) => Promise<T>): Resource<T> {
  const store = createStore<ResourceState<T>>({ data: undefined, loading: false, failure: undefined });
  let current: AbortController | undefined;
  return {
    get: store.get,
    subscribe: store.subscribe,
    async reload() {
      current?.abort();
      const mine = new AbortController();
      current = mine;
      store.update((state) => ({ ...state, loading: true }));
      try {
        const data = await load(mine.signal);
        if (current === mine) store.set({ data, loading: false, failure: undefined });
      } catch (error) {
        if (current === mine) {
          store.update((state) => ({ ...state, loading: false, failure: failureOf(error) }));
        }
      }
    },
  };
}
