import { createStore, type Readable } from "./store.ts";

export type Finder = "palette" | "search";

/** Which of the two is open: the palette over the commands, or the search over everything. */
export interface Finders extends Readable<Finder | undefined> {
  open(finder: Finder): void;
  close(): void;
}

export function createFinders(): Finders {
  const store = createStore<Finder | undefined>(undefined);
  return {
    get: store.get,
    subscribe: store.subscribe,
    open: store.set,
    close: () => store.set(undefined),
  };
}
