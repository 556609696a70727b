import { type ComponentType, type LazyExoticComponent, lazy } from "react";
import { SCREEN_IDS, type ScreenId } from "./state/navigation.ts";
import type { ScreenProps } from "./window-context.ts";

/** Loads a screen's module when it is first shown; each exports `<Id>Screen`. */
const modules = import.meta.glob<Record<string, ComponentType<ScreenProps>>>("./features/*/*-screen.tsx");

/** The screens that exist. One that has no module is not in the window: it shows only what is real. */
export const SCREENS: ReadonlyMap<ScreenId, LazyExoticComponent<ComponentType<ScreenProps>>> = new Map(
  SCREEN_IDS.flatMap((id) => {
    const load = modules[`./features/${id}/${id}-screen.tsx`];
    if (load === undefined) return [];
    const name = `${id.slice(0, 1).toUpperCase()}${id.slice(1)}Screen`;
    const screen = lazy(async () => {
      const component = (await load())[name];
      if (component === undefined) throw new Error(`The screen's module does not export ${name}.`);
      return { default: component };
    });
    return [[id, screen] as const];
  }),
);
