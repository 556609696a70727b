import type {
  ExecutionFilter,
  ExecutionPage,
  ExecutionRecord,
} from "../../../core/contract/execution-record.ts";
import { type ClientFailure, failureOf } from "../failure.ts";
import { createStore, type Readable } from "../store.ts";
import type { Timers } from "../timers.ts";

/** While the list is live it is asked for again after this time. */
export const REFRESH_MS = 1_500;
export const PAGE_ROWS = 100;

export type ListFilter = Omit<ExecutionFilter, "limit" | "cursor">;

export interface ExecutionListState {
  /** Newest first. */
  readonly items: readonly ExecutionRecord[];
  readonly filter: ListFilter;
  readonly live: boolean;
  readonly loading: boolean;
  readonly loaded: boolean;
  readonly failure: ClientFailure | undefined;
  /** Cursor of the page after the last one. */
  readonly next: string | undefined;
}

export interface ExecutionList extends Readable<ExecutionListState> {
  setFilter(filter: ListFilter): void;
  setLive(live: boolean): void;
  refresh(): Promise<void>;
  /** Loads the next page, unless one is under way or there is none. */
  more(): Promise<void>;
  /** Loads and, while live, keeps loading; the answer stops. */
  start(): () => void;
}

type List = (filter: ExecutionFilter, signal: AbortSignal) => Promise<ExecutionPage>;

/** The execution log as a screen shows it: pages by cursor behind a newest page that is kept fresh. */
export function createExecutionList(list: List, timers: Timers): ExecutionList {
  const store = createStore<ExecutionListState>({
    items: [],
    filter: {},
    live: true,
    loading: false,
    loaded: false,
    failure: undefined,
    next: undefined,
  });
  /** Aborts what is under way; another one for each filter. */
  let scope = new AbortController();
  let isRunning = false;
  let isPaging = false;
  let cancelTimer: (() => void) | undefined;

  const refresh = async (): Promise<void> => {
    const { signal } = scope;
    store.update((state) => ({ ...state, loading: true }));
    try {
      const page = await list({ ...store.get().filter, limit: PAGE_ROWS }, signal);
      if (signal.aborted) return;
      store.update((state) => ({
        ...state,
        ...merged(state, page),
        loading: false,
        loaded: true,
        failure: undefined,
      }));
    } catch (error) {
      if (signal.aborted) return;
      store.update((state) => ({ ...state, loading: false, failure: failureOf(error) }));
    }
  };

  const stopWaiting = (): void => {
    cancelTimer?.();
    cancelTimer = undefined;
  };
  const tick = async (): Promise<void> => {
    stopWaiting();
    await refresh();
    // Another round may have begun meanwhile.
    stopWaiting();
    if (isRunning && store.get().live) cancelTimer = timers.after(REFRESH_MS, () => void tick());
  };

  return {
    get: store.get,
    subscribe: store.subscribe,
    refresh,
    setFilter(filter) {
      scope.abort();
      scope = new AbortController();
      store.update((state) => ({ ...state, filter, items: [], next: undefined, loaded: false }));
      void tick();
    },
    setLive(live) {
      store.update((state) => ({ ...state, live }));
      if (live) void tick();
      else stopWaiting();
    },
    async more() {
      const { next, filter } = store.get();
      if (next === undefined || isPaging) return;
      isPaging = true;
      const { signal } = scope;
      try {
        const page = await list({ ...filter, limit: PAGE_ROWS, cursor: next }, signal);
        if (signal.aborted) return;
        store.update((state) => ({ ...state, items: [...state.items, ...page.items], next: page.next }));
      } catch (error) {
        if (!signal.aborted) store.update((state) => ({ ...state, failure: failureOf(error) }));
      } finally {
        isPaging = false;
      }
    },
    start() {
      isRunning = true;
      void tick();
      return () => {
        isRunning = false;
        stopWaiting();
      };
    },
  };
}

/** The newest page over what is there. Pages that no longer touch it are let go: between them rows would be missing. */
function merged(
  { items, next }: ExecutionListState,
  page: ExecutionPage,
): Pick<ExecutionListState, "items" | "next"> {
  const oldest = page.items.at(-1);
  const touches = oldest !== undefined && items.some(({ id }) => id === oldest.id);
  if (page.next === undefined || !touches) return { items: page.items, next: page.next };
  const fresh = new Set(page.items.map(({ id }) => id));
  const older = items.slice(items.findIndex(({ id }) => id === oldest.id) + 1);
  return { items: [...page.items, ...older.filter(({ id }) => !fresh.has(id))], next };
}
