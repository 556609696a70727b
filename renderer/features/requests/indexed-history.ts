import { openDB } from "idb";
import type { HistoryStorage } from "../../state/requests/history.ts";
import type { HistoryEntry } from "../../state/requests/history-entry.ts";

/** Not the database of the drafts: one database has one version, and who opens it with another is refused. */
const DATABASE = "workbench-requests";
const STORE = "requests";

/** The history in this browser's IndexedDB, shared by the tabs of one host's address. */
export function createIndexedHistory(): HistoryStorage {
  const database = openDB(DATABASE, 1, {
    upgrade(created) {
      created.createObjectStore(STORE, { keyPath: "id" });
    },
  });
  // Whoever asks hears of a failure; nobody having asked yet is no reason for a complaint of the console.
  database.catch(() => {});
  return {
    load: async () => (await database).getAll(STORE),
    async put(entry: HistoryEntry) {
      await (await database).put(STORE, entry);
    },
    async remove(ids) {
      const change = (await database).transaction(STORE, "readwrite");
      await Promise.all([...ids.map((id) => change.store.delete(id)), change.done]);
    },
  };
}
