import { useSyncExternalStore } from "react";
import type { Readable } from "../state/store.ts";

/** The value of a store, rendered again whenever it is another one. The only bridge from the state to React. */
export function useStore<T>(store: Readable<T>): T {
  return useSyncExternalStore(store.subscribe, store.get);
}
