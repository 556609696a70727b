import { createStore, type Readable } from "../store.ts";
import { hasWords } from "../words.ts";
import { type HistoryEntry, historyEntrySchema } from "./history-entry.ts";

export const MAX_HISTORY_ENTRIES = 500;

/** Where the history rests: a database of the browser. */
export interface HistoryStorage {
  load(): Promise<readonly unknown[]>;
  put(entry: HistoryEntry): Promise<void>;
  remove(ids: readonly string[]): Promise<void>;
}

export interface HistoryState {
  /** Newest first. */
  readonly entries: readonly HistoryEntry[];
  readonly loaded: boolean;
  /** False when the browser gives no place: the history then ends with the page. */
  readonly kept: boolean;
}

export interface RequestHistory extends Readable<HistoryState> {
  load(): Promise<void>;
  add(entry: HistoryEntry): Promise<void>;
  clear(): Promise<void>;
  byRequestId(requestId: string): HistoryEntry | undefined;
}

export function createRequestHistory(storage: HistoryStorage): RequestHistory {
  const store = createStore<HistoryState>({ entries: [], loaded: false, kept: true });
  const attempt = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch {
      store.update((state) => ({ ...state, kept: false }));
    }
  };
  return {
    get: store.get,
    subscribe: store.subscribe,
    async load() {
      await attempt(async () => {
        // What an older page wrote in another shape is passed over, not guessed at.
        const found = (await storage.load()).flatMap((value) => {
          const entry = historyEntrySchema.safeParse(value);
          return entry.success ? [entry.data] : [];
        });
        store.update((state) => ({ ...state, entries: newest([...state.entries, ...found]) }));
      });
      store.update((state) => ({ ...state, loaded: true }));
    },
    async add(entry) {
      const before = store.get().entries;
      const entries = newest([entry, ...before]);
      store.update((state) => ({ ...state, entries }));
      const gone = before.slice(entries.length - 1).map(({ id }) => id);
      await attempt(async () => {
        await storage.put(entry);
        if (gone.length > 0) await storage.remove(gone);
      });
    },
    async clear() {
      const ids = store.get().entries.map(({ id }) => id);
      store.update((state) => ({ ...state, entries: [] }));
      await attempt(() => storage.remove(ids));
    },
    byRequestId: (requestId) =>
      store
        .get()
        .entries.find(({ outcome }) => outcome.kind === "answered" && outcome.request_id === requestId),
  };
}

/** Entries that have all the words somewhere in what was sent and what came back, without case. */
export function searchHistory(entries: readonly HistoryEntry[], text: string): readonly HistoryEntry[] {
  return text.trim() === "" ? entries : entries.filter((entry) => hasWords(haystack(entry), text));
}

function haystack({ sent, outcome, extension_name }: HistoryEntry): string {
  const answer =
    outcome.kind === "answered"
      ? [String(outcome.status), outcome.code, outcome.request_id, outcome.body]
      : [outcome.kind];
  const headers = sent.headers.map(({ name, value }) => `${name}: ${value}`);
  return [extension_name, sent.method, sent.path, ...headers, sent.body, ...answer].join("\n");
}

function newest(entries: readonly HistoryEntry[]): readonly HistoryEntry[] {
  const unique = new Map(entries.map((entry) => [entry.id, entry]));
  return [...unique.values()]
    .sort((one, other) => (one.at < other.at ? 1 : one.at > other.at ? -1 : 0))
    .slice(0, MAX_HISTORY_ENTRIES);
}
