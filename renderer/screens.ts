import { type ComponentType, type LazyExoticComponent, lazy } from "react";
import { ClientError } from "./state/failure.ts";
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
      const component = (await load().catch(notFetched))[name];
      if (component === undefined) throw new Error(`The screen's module does not export ${name}.`);
      return { default: component };
    });
    return [[id, screen] as const];
  }),
);

/** Fetches them one after the other, so that a host that goes away takes no screen along that was not visited yet. */
export async function prefetchScreens(): Promise<void> {
  for (const load of Object.values(modules)) await load();
}

function notFetched(cause: unknown): never {
  throw new ClientError(
    {
      kind: "unreachable",
      code: "screen_not_fetched",
      message: "The screen could not be fetched from the host.",
      hint: "When the host is there again, load the page again. What was typed is kept.",
    },
    cause,
  );
}
