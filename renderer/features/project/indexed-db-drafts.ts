import { z } from "zod";
import type { DraftStore } from "../../state/project/draft-store.ts";

const DATABASE = "workbench";
const VERSION = 1;
const STORE = "drafts";
/** What nobody came back for within this time is not wanted any more. */
const MAX_AGE_MS = 60 * 24 * 60 * 60 * 1_000;

const rowSchema = z.object({
  dir: z.string(),
  path: z.string(),
  text: z.string(),
  revision: z.string().nullable(),
  at: z.number(),
});

/** Drafts in the browser's own database, which survives a crash and holds more than its text storages. */
export function createIndexedDbDrafts(factory: IDBFactory, now: () => number): DraftStore {
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
      const rows = await within("readonly", (store) => store.getAll(rangeOf(dir)));
      return z
        .array(rowSchema)
        .parse(rows)
        .filter(({ at }) => now() - at < MAX_AGE_MS)
        .map(({ path, text, revision }) => ({ path, text, revision }));
    },
    put: async (dir, draft) => {
      await within("readwrite", (store) => store.put({ dir, ...draft, at: now() }));
    },
    remove: async (dir, path) => {
      await within("readwrite", (store) => store.delete([dir, path]));
    },
  };
}

/** All keys `[dir, path]` of one project. */
function rangeOf(dir: string): IDBKeyRange {
  return IDBKeyRange.bound([dir], [dir, []]);
}

function openDatabase(factory: IDBFactory): Promise<IDBDatabase> {
  const request = factory.open(DATABASE, VERSION);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: ["dir", "path"] });
  return settled(request);
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("The browser's database failed."));
  });
}
