import { z } from "zod";
import { createStore, type Readable } from "./store.ts";
import type { TextStorage } from "./text-storage.ts";

/** Screens; those of the activity rail first, in its order. */
export const SCREEN_IDS = [
  "project",
  "preview",
  "requests",
  "logs",
  "executions",
  "quotas",
  "registry",
  "fixtures",
  "keys",
  "policy",
  "settings",
  // Not on the rail: opened from the screens they belong to, the top bar, the palette and the empty states.
  "automation",
  "welcome",
  "help",
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

const KEY = "workbench.place";
const placeSchema = z.object({ screen: z.enum(SCREEN_IDS), params: z.record(z.string(), z.string()) });

/** @param storage keeps the place through a reload */
export function createNavigation(initial: ScreenId, storage?: TextStorage): Navigation {
  const kept = placeSchema.safeParse(parse(storage?.getItem(KEY)));
  const store = createStore<Place>(kept.success ? kept.data : { screen: initial, params: {} });
  return {
    get: store.get,
    subscribe: store.subscribe,
    go(screen, params = {}) {
      const place = { screen, params };
      storage?.setItem(KEY, JSON.stringify(place));
      store.set(place);
    },
  };
}

function parse(text: string | null | undefined): unknown {
  try {
    return JSON.parse(text ?? "");
  } catch {
    return undefined;
  }
}
