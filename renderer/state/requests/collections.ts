import type { RpcClient } from "../../client.ts";
import { ClientError, type ClientFailure, failureOf } from "../failure.ts";
import { makeFolder } from "../project/make-folder.ts";
import type { RequestDraft } from "../request-draft.ts";
import { createStore, type Readable } from "../store.ts";
import {
  COLLECTION_FOLDER,
  collectionFileText,
  collectionOf,
  fileNameOf,
  readCollectionFile,
  type SavedRequest,
} from "./collection-file.ts";

export interface CollectionsState {
  readonly requests: readonly SavedRequest[];
  /** Files in the folder that are no requests. */
  readonly unreadable: readonly string[];
  readonly loading: boolean;
  readonly failure: ClientFailure | undefined;
}

export interface Collections extends Readable<CollectionsState> {
  load(): Promise<void>;
  /** Writes a request into the open project. @returns whether it is there now */
  save(collection: string, name: string, draft: RequestDraft): Promise<boolean>;
  remove(request: SavedRequest): Promise<void>;
}

const EMPTY: CollectionsState = { requests: [], unreadable: [], loading: false, failure: undefined };

/** The requests that are saved in the open project, as plain files of it. */
export function createCollections(client: Pick<RpcClient, "call">): Collections {
  const store = createStore<CollectionsState>(EMPTY);
  let newestLoad = 0;

  const load = async (): Promise<void> => {
    newestLoad += 1;
    const mine = newestLoad;
    store.update((state) => ({ ...state, loading: true }));
    try {
      const { entries } = await client.call("project.tree", {});
      const paths = entries
        .filter(({ kind, path }) => kind === "file" && collectionOf(path) !== undefined)
        .map(({ path }) => path);
      const files = await Promise.all(paths.map((path) => client.call("project.read", { path })));
      const read = files.map(({ path, text, revision }) => ({
        path,
        revision,
        content: readCollectionFile(text),
      }));
      if (mine !== newestLoad) return;
      store.set({
        ...EMPTY,
        requests: read.flatMap(({ path, revision, content }) =>
          content ? [{ ...content, collection: collectionOf(path) ?? "", file: path, revision }] : [],
        ),
        unreadable: read.filter(({ content }) => content === undefined).map(({ path }) => path),
      });
    } catch (error) {
      if (mine === newestLoad) store.set({ ...EMPTY, failure: failureOf(error) });
    }
  };

  const change = async (work: () => Promise<unknown>): Promise<boolean> => {
    try {
      await work();
      await load();
      return true;
    } catch (error) {
      store.update((state) => ({ ...state, failure: failureOf(error) }));
      return false;
    }
  };

  return {
    get: store.get,
    subscribe: store.subscribe,
    load,
    save: (collection, name, draft) =>
      change(async () => {
        const folder = fileNameOf(collection);
        const file = fileNameOf(name);
        if (folder === undefined || file === undefined) {
          throw new ClientError({
            kind: "refused",
            code: "name_invalid",
            message: "A collection and a request need names with letters or digits in them.",
          });
        }
        const path = `${COLLECTION_FOLDER}/${folder}/${file}.json`;
        await makeFolder(client, `${COLLECTION_FOLDER}/${folder}`);
        const revision = store.get().requests.find((saved) => saved.file === path)?.revision ?? null;
        await client.call("project.write", { path, text: collectionFileText(name.trim(), draft), revision });
      }),
    async remove({ file }) {
      await change(() => client.call("project.remove", { path: file }));
    },
  };
}
