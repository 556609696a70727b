import { z } from "zod";
import type { DraftStore } from "../../state/project/draft-store.ts";
import { draftsFor } from "../../state/project/kept-drafts.ts";
import type { Tab } from "../../tab.ts";

const DATABASE = "workbench";
const VERSION = 2;
const STORE = "tab-drafts";
/** Of version 1, in which tabs shared a draft of a file. */
const SHARED_STORE = "drafts";
/** What nobody came back for within this time is not wanted any more. */
const MAX_AGE_MS = 60 * 24 * 60 * 60 * 1_000;

const rowSchema = z.object({
  dir: z.string(),
  path: z.string(),
  tab: z.string(),
  text: z.string(),
  revision: z.string().nullable(),
  at: z.number(),
});

/**
 * Drafts in the browser's own database, which survives a crash and holds more than its text storages. Each tab has its
 * own of a file, so that two of them do not write over one another; what a tab that is gone left goes to the next one
 * that opens the project.
 */
export function createIndexedDbDrafts(
  factory: IDBFactory,
  now: () => number,
  findingTab: Promise<Tab>,
): DraftStore {
  let opening: Promise<IDBDatabase> | undefined;
  const database = (): Promise<IDBDatabase> => {
    opening ??= openDatabase(factory).catch((error: unknown) => {
      // Tried again with the next draft: a private window or a full disk may get over it.
      opening = undefined;
      throw error;
    });
    return opening;
  };
  const within = async <T>(
    mode: IDBTransactionMode,
    work: (store: IDBObjectStore) => IDBRequest<T>,
  ): Promise<T> => {
    const transaction = (await database()).transaction(STORE, mode);
    const result = await settled(work(transaction.objectStore(STORE)));
    return result;
  };
  return {
    async all(dir) {
      const tab = await findingTab;
      const rows = await within("readonly", (store) => store.getAll(rangeOf(dir)));
      const kept = z
        .array(rowSchema)
        .parse(rows)
        .filter(({ at }) => now() - at < MAX_AGE_MS);
      const drafts = draftsFor(kept, tab.id, await tab.open());
      for (const draft of drafts.filter((one) => one.tab !== tab.id)) {
        // First ours, then no longer theirs: a crash in between leaves two of it and not none.
        await within("readwrite", (store) => store.put({ ...draft, tab: tab.id }));
        await within("readwrite", (store) => store.delete([dir, draft.path, draft.tab]));
      }
      return drafts.map(({ path, text, revision }) => ({ path, text, revision }));
    },
    put: async (dir, draft) => {
      const { id } = await findingTab;
      await within("readwrite", (store) => store.put({ dir, ...draft, tab: id, at: now() }));
    },
    remove: async (dir, path) => {
      const { id } = await findingTab;
      await within("readwrite", (store) => store.delete([dir, path, id]));
    },
  };
}

/** All keys `[dir, path, tab]` of one project. */
function rangeOf(dir: string): IDBKeyRange {
  return IDBKeyRange.bound([dir], [dir, []]);
}

function openDatabase(factory: IDBFactory): Promise<IDBDatabase> {
  const request = factory.open(DATABASE, VERSION);
  request.onupgradeneeded = () => {
    const { result, transaction } = request;
    const store = result.createObjectStore(STORE, { keyPath: ["dir", "path", "tab"] });
    if (transaction === null || !result.objectStoreNames.contains(SHARED_STORE)) return;
    const shared = transaction.objectStore(SHARED_STORE).getAll();
    shared.onsuccess = () => {
      // Of no tab that is open, so that the next one takes them over.
      for (const row of shared.result) store.put({ ...row, tab: "" });
      result.deleteObjectStore(SHARED_STORE);
    };
  };
  // A tab of a newer page wants the database in its own form.
  return settled(request).then((opened) => {
    opened.onversionchange = () => opened.close();
    return opened;
  });
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("The browser's database failed."));
  });
}
