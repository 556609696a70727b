import { createStore, type Readable } from "./store.ts";

/** Screens of the activity rail, in its order. */
export const SCREEN_IDS = [
  "project",
  "preview",
  "requests",
  "logs",
  "executions",
  "quotas",
  "registry",
  "keys",
  "policy",
  "settings",
] as const;
export type ScreenId = (typeof SCREEN_IDS)[number];

export interface Place {
  readonly screen: ScreenId;
  /** What the screen is asked to show, e.g. `{ execution: "…" }` or `{ file: "manifest.json", line: "14" }`. */
  readonly params: Readonly<Record<string, string>>;
}

export interface Navigation extends Readable<Place> {
  go(screen: ScreenId, params?: Readonly<Record<string, string>>): void;
}

export function createNavigation(initial: ScreenId): Navigation {
  const store = createStore<Place>({ screen: initial, params: {} });
  return {
    get: store.get,
    subscribe: store.subscribe,
    go: (screen, params = {}) => store.set({ screen, params }),
  };
}
