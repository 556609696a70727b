import type { SavedView, SavedViewList } from "../../../core/contract/saved-view.ts";
import type { RpcClient } from "../../client.ts";
import { type ClientFailure, failureOf } from "../failure.ts";
import { createStore, type Readable } from "../store.ts";

export interface SavedViewsState {
  readonly items: readonly SavedView[];
  readonly failure: ClientFailure | undefined;
}

/** The named filters of one list, as the home keeps them. */
export interface SavedViews extends Readable<SavedViewsState> {
  load(): Promise<void>;
  save(view: SavedView): Promise<void>;
  remove(name: string): Promise<void>;
}

export function createSavedViews(client: Pick<RpcClient, "call">, list: SavedViewList): SavedViews {
  const store = createStore<SavedViewsState>({ items: [], failure: undefined });
  const answer = async (asked: Promise<{ readonly items: readonly SavedView[] }>): Promise<void> => {
    try {
      store.set({ items: (await asked).items, failure: undefined });
    } catch (error) {
      store.update((state) => ({ ...state, failure: failureOf(error) }));
    }
  };
  return {
    get: store.get,
    subscribe: store.subscribe,
    load: () => answer(client.call("records.views", { list })),
    save: (view) => answer(client.call("records.save_view", { list, view })),
    remove: (name) => answer(client.call("records.remove_view", { list, name })),
  };
}
