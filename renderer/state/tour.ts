import type { Navigation, ScreenId } from "./navigation.ts";
import { createStore, type Readable } from "./store.ts";
import type { TextStorage } from "./text-storage.ts";

const KEY = "workbench.tour";

export interface TourStep {
  readonly screen: ScreenId;
  readonly title: string;
  readonly text: string;
}

const STEPS: readonly TourStep[] = [
  {
    screen: "project",
    title: "Write",
    text: "Open a folder or begin from a template. Problems of the manifest, the types and the build come together below.",
  },
  {
    screen: "preview",
    title: "Look",
    text: "The extension's page in its own origin. Every message between the page and its host is listed with its verdict.",
  },
  {
    screen: "requests",
    title: "Call",
    text: "Send a request and see the answer, what it cost, and every decision that was taken on the way.",
  },
  {
    screen: "executions",
    title: "Look back",
    text: "Every call that was made, with its host calls, its log and its limits.",
  },
  {
    screen: "registry",
    title: "Publish",
    text: "What is published and installed, what each install may do, and why a version is refused.",
  },
  {
    screen: "keys",
    title: "Sign",
    text: "Keys, and whom you trust. Signing, trusting and installing are three different things.",
  },
  {
    screen: "settings",
    title: "Set",
    text: "Theme, shortcuts, what the host was started with, and what this machine lacks.",
  },
];

export interface TourState {
  readonly steps: readonly TourStep[];
  /** Index into the steps; `undefined` while the tour is not under way. */
  readonly at: number | undefined;
  /** Whether it was finished or skipped in this browser. */
  readonly isDone: boolean;
}

/** A walk through the screens; can be left at any step and begun again. */
export interface Tour extends Readable<TourState> {
  start(): void;
  next(): void;
  back(): void;
  end(): void;
}

/** @param has whether a screen is there: the tour shows nothing that is not */
export function createTour(
  navigation: Navigation,
  storage: TextStorage,
  has: (screen: ScreenId) => boolean,
): Tour {
  const store = createStore<TourState>({
    steps: STEPS.filter(({ screen }) => has(screen)),
    at: undefined,
    isDone: storage.getItem(KEY) === "done",
  });
  const go = (at: number): void => {
    const step = store.get().steps[at];
    if (step === undefined) return;
    store.update((state) => ({ ...state, at }));
    navigation.go(step.screen);
  };
  const end = (): void => {
    storage.setItem(KEY, "done");
    store.update((state) => ({ ...state, at: undefined, isDone: true }));
  };
  return {
    get: store.get,
    subscribe: store.subscribe,
    start: () => go(0),
    back: () => go((store.get().at ?? 0) - 1),
    next() {
      const { at = -1, steps } = store.get();
      if (at + 1 < steps.length) go(at + 1);
      else end();
    },
    end,
  };
}
