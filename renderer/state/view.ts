import { z } from "zod";
import { createStore, type Readable } from "./store.ts";
import type { TextStorage } from "./text-storage.ts";

export const MOTIONS = ["system", "reduced"] as const;
export type Motion = (typeof MOTIONS)[number];

/** Percent of the browser's own size of text. */
export const ZOOM_STEPS = [80, 90, 100, 110, 125, 150, 175, 200] as const;
const NO_ZOOM = 100;
const MOTION_KEY = "workbench.motion";
const ZOOM_KEY = "workbench.zoom";

const motionSchema = z.enum(MOTIONS).catch("system");
const zoomSchema = z.coerce
  .number()
  .refine((percent) => ZOOM_STEPS.some((step) => step === percent))
  .catch(NO_ZOOM);

export interface ViewState {
  readonly motion: Motion;
  /** Percent, one of `ZOOM_STEPS`. */
  readonly zoom: number;
}

/** How large and how lively the page is; kept in this browser. */
export interface ViewChoice extends Readable<ViewState> {
  chooseMotion(motion: Motion): void;
  zoomTo(percent: number): void;
  /** One step larger (1) or smaller (-1); stays where it is at either end. */
  zoomBy(steps: 1 | -1): void;
  resetZoom(): void;
}

/** @param apply puts the choice on the page: at once, and after every change */
export function createViewChoice(storage: TextStorage, apply: (state: ViewState) => void): ViewChoice {
  const store = createStore<ViewState>({
    motion: motionSchema.parse(storage.getItem(MOTION_KEY)),
    zoom: zoomSchema.parse(storage.getItem(ZOOM_KEY) ?? NO_ZOOM),
  });
  apply(store.get());
  store.subscribe(() => apply(store.get()));
  const zoomTo = (percent: number): void => {
    const zoom = zoomSchema.parse(percent);
    storage.setItem(ZOOM_KEY, String(zoom));
    store.update((state) => ({ ...state, zoom }));
  };
  return {
    get: store.get,
    subscribe: store.subscribe,
    zoomTo,
    resetZoom: () => zoomTo(NO_ZOOM),
    zoomBy(steps) {
      const known: readonly number[] = ZOOM_STEPS;
      const place = known.indexOf(store.get().zoom);
      const next = ZOOM_STEPS[place + steps];
      if (next !== undefined) zoomTo(next);
    },
    chooseMotion(motion) {
      storage.setItem(MOTION_KEY, motion);
      store.update((state) => ({ ...state, motion }));
    },
  };
}
