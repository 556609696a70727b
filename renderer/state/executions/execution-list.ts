import type {
  ExecutionFilter,
  ExecutionPage,
  ExecutionRecord,
} from "../../../core/contract/execution-record.ts";
import { type ClientFailure, failureOf } from "../failure.ts";
import { createStore, type Readable } from "../store.ts";
import type { Timers } from "../timers.ts";
import { askedFilter, type ListFilter } from "./list-filter.ts";

/** While the list is live it is asked for again after this time. */
export const REFRESH_MS = 1_500;
export const PAGE_ROWS = 100;

/** A search that looks far back is asked on so often by itself; then it waits to be told. */
const MAX_ROUNDS = 20;

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
  /** Set when the search stopped on its way back: what matches since this time is in the list. */
  readonly searchedTo: string | undefined;
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
export function createExecutionList(list: List, timers: Timers, now: () => number = Date.now): ExecutionList {
  const store = createStore<ExecutionListState>({
    items: [],
    filter: {},
    live: true,
    loading: false,
    loaded: false,
    failure: undefined,
    next: undefined,
    searchedTo: undefined,
  });
  /** Aborts what is under way; another one for each filter. */
  let scope = new AbortController();
  let isRunning = false;
  let isPaging = false;
  let cancelTimer: (() => void) | undefined;

  /** A page from the cursor on, searched for until it is full. */
  const search = async (cursor: string | undefined, rounds: number, signal: AbortSignal) => {
    const asked = { ...askedFilter(store.get().filter, now()), limit: PAGE_ROWS };
    let page = await list({ ...asked, ...(cursor === undefined ? {} : { cursor }) }, signal);
    const items = [...page.items];
    for (let round = 1; round < rounds && isOnItsWay(page, items.length); round += 1) {
      page = await list({ ...asked, ...(page.next === undefined ? {} : { cursor: page.next }) }, signal);
      items.push(...page.items);
    }
    return { ...page, items };
  };

  const refresh = async (): Promise<void> => {
    const { signal } = scope;
    store.update((state) => ({ ...state, loading: true }));
    try {
      const page = await search(undefined, store.get().loaded ? 1 : MAX_ROUNDS, signal);
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
      store.update((state) => ({
        ...state,
        filter,
        items: [],
        next: undefined,
        searchedTo: undefined,
        loaded: false,
      }));
      void tick();
    },
    setLive(live) {
      store.update((state) => ({ ...state, live }));
      if (live) void tick();
      else stopWaiting();
    },
    async more() {
      const { next } = store.get();
      if (next === undefined || isPaging) return;
      isPaging = true;
      const { signal } = scope;
      try {
        const page = await search(next, MAX_ROUNDS, signal);
        if (signal.aborted) return;
        store.update((state) => ({
          ...state,
          items: [...state.items, ...page.items],
          next: page.next,
          searchedTo: page.searched_to,
        }));
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

function isOnItsWay(page: ExecutionPage, found: number): boolean {
  return page.searched_to !== undefined && page.next !== undefined && found < PAGE_ROWS;
}

/** The newest page over what is there. Pages that no longer touch it are let go: between them rows would be missing. */
function merged(
  state: ExecutionListState,
  page: ExecutionPage,
): Pick<ExecutionListState, "items" | "next" | "searchedTo"> {
  const { items, next, loaded } = state;
  const { searched_to } = page;
  const fresh = new Set(page.items.map(({ id }) => id));
  const behind = (older: readonly ExecutionRecord[]) => ({
    items: [...page.items, ...older.filter(({ id }) => !fresh.has(id))],
    next,
    searchedTo: state.searchedTo,
  });
  // It has looked at everything since then, so what is older is still what it was.
  if (loaded && searched_to !== undefined)
    return behind(items.filter(({ started_at }) => started_at <= searched_to));
  const oldest = page.items.at(-1);
  const touches = oldest !== undefined && items.some(({ id }) => id === oldest.id);
  if (page.next === undefined || !touches)
    return { items: page.items, next: page.next, searchedTo: searched_to };
  return behind(items.slice(items.findIndex(({ id }) => id === oldest.id) + 1));
}
