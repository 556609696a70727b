import { z } from "zod";
import { createStore, type Readable } from "./store.ts";
import type { TextStorage } from "./text-storage.ts";

export const BOTTOM_TABS = ["logs", "problems", "build"] as const;
export type BottomTab = (typeof BOTTOM_TABS)[number];

/** Where a finding comes from; each source replaces its own findings and nobody else's. */
export const PROBLEM_SOURCES = ["manifest", "settings", "types", "build", "policy"] as const;
export type ProblemSource = (typeof PROBLEM_SOURCES)[number];

export interface Problem {
  readonly source: ProblemSource;
  readonly severity: "error" | "warning";
  readonly message: string;
  readonly code?: string | undefined;
  /** Relative to the project, with slashes. */
  readonly file?: string | undefined;
  /** From 1. */
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  /** How to mend it. */
  readonly hint?: string | undefined;
}

export interface BuildLine {
  /** Number of the line since the page was opened. */
  readonly key: number;
  /** ISO 8601. */
  readonly at: string;
  readonly text: string;
  readonly tone?: "ok" | "bad" | "warn" | undefined;
}

/** Older lines of a build's output go first. */
const KEPT_BUILD_LINES = 2_000;

export interface BottomPanel {
  readonly tab: Readable<BottomTab>;
  readonly isOpen: Readable<boolean>;
  readonly problems: Readable<readonly Problem[]>;
  readonly build: Readable<readonly BuildLine[]>;
  /** Opens the panel on a tab. */
  show(tab: BottomTab): void;
  setOpen(isOpen: boolean): void;
  toggle(): void;
  setProblems(source: ProblemSource, problems: readonly Omit<Problem, "source">[]): void;
  appendBuild(lines: readonly Omit<BuildLine, "key">[]): void;
  clearBuild(): void;
}

const TAB_KEY = "workbench.panel.tab";
const OPEN_KEY = "workbench.panel.open";

const tabSchema = z.enum(BOTTOM_TABS).catch("logs");

/**
 * What stands below every screen: live log, findings, output of the last builds. Project and loop fill the latter two.
 * @param storage keeps whether it is open, and on which tab
 */
export function createBottomPanel(storage: TextStorage): BottomPanel {
  const tab = createStore(tabSchema.parse(storage.getItem(TAB_KEY)));
  const isOpen = createStore(storage.getItem(OPEN_KEY) !== "no");
  tab.subscribe(() => storage.setItem(TAB_KEY, tab.get()));
  isOpen.subscribe(() => storage.setItem(OPEN_KEY, isOpen.get() ? "yes" : "no"));
  const problems = createStore<readonly Problem[]>([]);
  const build = createStore<readonly BuildLine[]>([]);
  let lines = 0;
  return {
    tab,
    isOpen,
    problems,
    build,
    show(next) {
      tab.set(next);
      isOpen.set(true);
    },
    setOpen: isOpen.set,
    toggle: () => isOpen.update((open) => !open),
    setProblems(source, found) {
      problems.update((current) => [
        ...current.filter((problem) => problem.source !== source),
        ...found.map((problem) => ({ ...problem, source })),
      ]);
    },
    appendBuild(added) {
      const numbered = added.map((line) => {
        lines += 1;
        return { ...line, key: lines };
      });
      build.update((current) => [...current, ...numbered].slice(-KEPT_BUILD_LINES));
    },
    clearBuild: () => build.set([]),
  };
}
