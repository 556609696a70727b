import { z } from "zod";
import { EMPTY_DRAFT, type RequestDraft, requestDraftSchema } from "./request-draft.ts";
import { createStore, type Readable } from "./store.ts";
import type { TextStorage } from "./text-storage.ts";

const KEY = "workbench.drafts";
/** Beyond this a draft lives in memory only: the browser's quota is small and shared. */
export const MAX_KEPT_DRAFT_CHARS = 200_000;
const keptSchema = z.record(z.string(), requestDraftSchema);

export type DraftsState = Readonly<Record<string, RequestDraft>>;

/** One draft an install, kept through reloads and restarts of the host: what was typed is never lost to either. */
export interface Drafts extends Readable<DraftsState> {
  set(installId: string, draft: RequestDraft): void;
}

export function createDrafts(storage: TextStorage): Drafts {
  const store = createStore<DraftsState>(restore(storage));
  return {
    get: store.get,
    subscribe: store.subscribe,
    set(installId, draft) {
      store.update((drafts) => ({ ...drafts, [installId]: draft }));
      keep(storage, store.get());
    },
  };
}

export function draftOf(drafts: DraftsState, installId: string): RequestDraft {
  return drafts[installId] ?? EMPTY_DRAFT;
}

function restore(storage: TextStorage): DraftsState {
  try {
    return keptSchema.parse(JSON.parse(storage.getItem(KEY) ?? "{}"));
  } catch {
    // Whatever is there, it is not ours or of an older page: begin empty.
    return {};
  }
}

function keep(storage: TextStorage, drafts: DraftsState): void {
  const text = JSON.stringify(drafts);
  if (text.length > MAX_KEPT_DRAFT_CHARS) return;
  try {
    storage.setItem(KEY, text);
  } catch {
    // A full or forbidden storage costs the draft's life beyond a reload, nothing more.
  }
}
