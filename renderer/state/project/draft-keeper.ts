import type { Timers } from "../timers.ts";
import { isDirty, type OpenDocument } from "./document.ts";
import type { DraftStore } from "./draft-store.ts";

/** Between the last key and the disk: short enough to lose next to nothing, long enough not to write at every key. */
export const DRAFT_DELAY_MS = 300;

export interface DraftKeeper {
  /** To be called with the open documents after every change of them. */
  keep(dir: string, documents: readonly OpenDocument[]): void;
  /** Writes what is waiting at once. */
  flush(): Promise<void>;
}

/** Writes what is not saved into the store of drafts, soon after it was typed, and takes out what is. */
export function createDraftKeeper(store: DraftStore, timers: Timers): DraftKeeper {
  /** Texts as the store has them, so that only what changed is written. */
  const kept = new Map<string, string>();
  let waiting: { readonly dir: string; readonly documents: readonly OpenDocument[] } | undefined;
  let cancel: (() => void) | undefined;
  let writing: Promise<void> = Promise.resolve();

  const flush = (): Promise<void> => {
    cancel?.();
    cancel = undefined;
    const work = waiting;
    waiting = undefined;
    if (work) writing = writing.then(() => write(work.dir, work.documents)).catch(() => {});
    return writing;
  };
  const write = async (dir: string, documents: readonly OpenDocument[]): Promise<void> => {
    const dirty = new Map(documents.filter(isDirty).map((document) => [document.path, document]));
    for (const { path, text, revision } of dirty.values()) {
      if (kept.get(keyOf(dir, path)) === text) continue;
      await store.put(dir, { path, text, revision });
      kept.set(keyOf(dir, path), text);
    }
    const clean = documents.filter(({ path, status }) => status === "ready" && !dirty.has(path));
    const gone = [...kept.keys()].flatMap((key) => pathOf(dir, key) ?? []).filter((path) => !dirty.has(path));
    for (const path of new Set([...clean.map((document) => document.path), ...gone])) {
      await store.remove(dir, path);
      kept.delete(keyOf(dir, path));
    }
  };

  return {
    flush,
    keep(dir, documents) {
      if (waiting && waiting.dir !== dir) void flush();
      waiting = { dir, documents };
      cancel ??= timers.after(DRAFT_DELAY_MS, () => {
        cancel = undefined;
        void flush();
      });
    },
  };
}

const SEPARATOR = "\n";
const keyOf = (dir: string, path: string): string => dir + SEPARATOR + path;
const pathOf = (dir: string, key: string): string | undefined =>
  key.startsWith(dir + SEPARATOR) ? key.slice(dir.length + 1) : undefined;
