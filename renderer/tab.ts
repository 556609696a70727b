import type { TextStorage } from "./state/text-storage.ts";

const KEY = "workbench.tab";
const LOCK = /^workbench\.tab\.(.+)$/;
/** A page that is loaded again waits for the one before it to let go; a copy of a tab waits in vain. */
const TAKE_OVER_MS = 1_000;

/** This tab among those that have the same page open in this browser. */
export interface Tab {
  /** Stays over reloads of the tab; a duplicated tab gets one of its own. */
  readonly id: string;
  /** Ids of the tabs that are open now, this one among them. */
  open(): Promise<ReadonlySet<string>>;
}

/** The browser's locks between tabs, as far as they are needed. */
interface TabLocks {
  request(name: string, options: { signal: AbortSignal }, hold: () => Promise<void>): Promise<unknown>;
  query(): Promise<{ readonly held?: readonly { readonly name?: string }[] }>;
}

export interface TabSources {
  readonly storage: TextStorage;
  readonly locks: TabLocks;
  newId(): string;
}

/**
 * Finds the tab's id, or gives it one. The browser holds a lock for each tab as long as its page lives, so that a tab
 * that crashed is told from one that is open.
 */
export async function findTab({ storage, locks, newId }: TabSources): Promise<Tab> {
  const known = storage.getItem(KEY);
  const id = known !== null && (await isTaken(locks, known)) ? known : newId();
  if (id !== known) await isTaken(locks, id);
  storage.setItem(KEY, id);
  return {
    id,
    async open() {
      const { held = [] } = await locks.query();
      return new Set([id, ...held.flatMap(({ name = "" }) => LOCK.exec(name)?.[1] ?? [])]);
    },
  };
}

/** Whether the lock is ours now, for as long as the page lives. */
function isTaken(locks: TabLocks, id: string): Promise<boolean> {
  return new Promise((resolve) => {
    locks
      .request(`workbench.tab.${id}`, { signal: AbortSignal.timeout(TAKE_OVER_MS) }, () => {
        resolve(true);
        return new Promise<void>(() => {});
      })
      .catch(() => resolve(false));
  });
}
