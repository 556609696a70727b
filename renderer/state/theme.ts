import { z } from "zod";
import { createStore, type Readable } from "./store.ts";
import type { TextStorage } from "./text-storage.ts";

export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

const KEY = "workbench.theme";
const themeSchema = z.enum(THEMES).catch("system");

export interface ThemeChoice extends Readable<Theme> {
  choose(theme: Theme): void;
}

/** The user's choice of theme, kept in this browser; `apply` puts it on the page. */
export function createThemeChoice(storage: TextStorage, apply: (theme: Theme) => void): ThemeChoice {
  const store = createStore<Theme>(themeSchema.parse(storage.getItem(KEY)));
  apply(store.get());
  return {
    get: store.get,
    subscribe: store.subscribe,
    choose(theme) {
      storage.setItem(KEY, theme);
      store.set(theme);
      apply(theme);
    },
  };
}
