import type { ProjectFile } from "../../../core/contract/rpc/project.ts";
import { ClientError, failureOf } from "../failure.ts";
import { createStore, type Readable } from "../store.ts";
import { isDirty, loadingDocument, type OpenDocument } from "./document.ts";
import type { Draft } from "./draft-store.ts";

export interface DocumentsState {
  /** In the order of their tabs. */
  readonly open: readonly OpenDocument[];
  readonly active: string | undefined;
}

/** Reads and writes the files of the project. */
export interface FileAccess {
  read(path: string): Promise<ProjectFile>;
  write(change: { path: string; text: string; revision: string | null }): Promise<{ revision: string }>;
}

/** The files that are open. Nothing here overwrites what somebody else wrote, and nothing typed is dropped unasked. */
export interface Documents extends Readable<DocumentsState> {
  find(path: string): OpenDocument | undefined;
  dirty(): readonly OpenDocument[];
  open(path: string): Promise<void>;
  activate(path: string): void;
  /** The editor's text after a change. */
  edit(path: string, text: string): void;
  /** Answers whether the file now has the text. */
  save(path: string): Promise<boolean>;
  saveAll(): Promise<boolean>;
  /** Closes without asking; the caller has asked. */
  close(path: string): void;
  /** Takes the disk's text and drops what was typed here. */
  reload(path: string): Promise<void>;
  /** Keeps what was typed: the next save goes over what the disk has now. */
  keepMine(path: string): void;
  /** Looks again at those open files that may have changed on disk. */
  refresh(paths: readonly string[]): Promise<void>;
  /** Follows a file or a folder that was renamed here. */
  moved(from: string, to: string): void;
  /** Opens these, with what had been typed into them. */
  restore(paths: readonly string[], active: string | undefined, drafts: readonly Draft[]): Promise<void>;
  clear(): void;
}

export function createDocuments(files: FileAccess): Documents {
  const store = createStore<DocumentsState>({ open: [], active: undefined });
  const find = (path: string): OpenDocument | undefined =>
    store.get().open.find((document) => document.path === path);
  const change = (path: string, update: (document: OpenDocument) => OpenDocument): void =>
    store.update((state) => ({
      ...state,
      open: state.open.map((document) => (document.path === path ? update(document) : document)),
    }));

  const load = async (path: string): Promise<void> => {
    try {
      const file = await files.read(path);
      change(path, (document) => ({ ...taken(document, file.text, file.revision), status: "ready" }));
    } catch (error) {
      change(path, (document) => ({ ...document, status: "failed", failure: failureOf(error) }));
    }
  };

  const look = async (path: string): Promise<void> => {
    const before = find(path);
    if (before === undefined || before.saving) return;
    if (before.status !== "ready") return load(path);
    let file: ProjectFile;
    try {
      file = await files.read(path);
    } catch (error) {
      if (isCode(error, "file_missing"))
        change(path, (document) => ({ ...document, outside: { kind: "deleted" } }));
      // Any other failure: what is here stays as it is, and saving will say what is wrong.
      return;
    }
    change(path, (document) => {
      if (document.saving) return document;
      if (document.revision === file.revision) return { ...document, outside: undefined };
      if (document.text === file.text || !isDirty(document)) return taken(document, file.text, file.revision);
      return { ...document, outside: { kind: "changed", text: file.text, revision: file.revision } };
    });
  };

  const save = async (path: string): Promise<boolean> => {
    const document = find(path);
    if (document?.status !== "ready" || document.saving) return false;
    if (!isDirty(document)) return true;
    const { text, revision } = document;
    change(path, (current) => ({ ...current, saving: true, failure: undefined }));
    try {
      const written = await files.write({ path, text, revision });
      change(path, (current) => ({
        ...current,
        saving: false,
        saved: text,
        revision: written.revision,
        outside: undefined,
      }));
      return true;
    } catch (error) {
      const isConflict = isCode(error, "file_changed");
      change(path, (current) => ({
        ...current,
        saving: false,
        ...(isConflict ? {} : { failure: failureOf(error) }),
      }));
      if (isConflict) await look(path);
      return false;
    }
  };

  return {
    get: store.get,
    subscribe: store.subscribe,
    find,
    dirty: () => store.get().open.filter(isDirty),
    async open(path) {
      if (find(path)) {
        store.update((state) => ({ ...state, active: path }));
        if (find(path)?.status === "failed") await load(path);
        return;
      }
      store.update((state) => ({ open: [...state.open, loadingDocument(path)], active: path }));
      await load(path);
    },
    activate: (path) => store.update((state) => (find(path) ? { ...state, active: path } : state)),
    edit: (path, text) =>
      change(path, (document) => (document.text === text ? document : { ...document, text })),
    save,
    async saveAll() {
      const results = await Promise.all(
        store
          .get()
          .open.filter(isDirty)
          .map((document) => save(document.path)),
      );
      return results.every(Boolean);
    },
    close(path) {
      store.update(({ open, active }) => {
        const place = open.findIndex((document) => document.path === path);
        const left = open.filter((document) => document.path !== path);
        const neighbour = left[Math.min(place, left.length - 1)]?.path;
        return { open: left, active: active === path ? neighbour : active };
      });
    },
    async reload(path) {
      const { outside } = find(path) ?? {};
      if (outside?.kind === "changed") {
        change(path, (document) => taken(document, outside.text, outside.revision));
      }
      await load(path);
    },
    keepMine(path) {
      change(path, (document) => {
        const { outside } = document;
        if (outside === undefined) return document;
        return outside.kind === "deleted"
          ? { ...document, revision: null, outside: undefined }
          : { ...document, saved: outside.text, revision: outside.revision, outside: undefined };
      });
    },
    async refresh(paths) {
      const touched = store
        .get()
        .open.filter(({ path }) =>
          paths.some((changed) => path === changed || path.startsWith(`${changed}/`)),
        );
      await Promise.all(touched.map(({ path }) => look(path)));
    },
    moved(from, to) {
      const renamed = (path: string): string =>
        path === from ? to : path.startsWith(`${from}/`) ? to + path.slice(from.length) : path;
      store.update(({ open, active }) => ({
        open: open.map((document) => ({ ...document, path: renamed(document.path) })),
        active: active === undefined ? undefined : renamed(active),
      }));
    },
    async restore(paths, active, drafts) {
      const wanted = [...new Set([...paths, ...drafts.map((draft) => draft.path)])];
      store.set({
        open: wanted.map(loadingDocument),
        active: active !== undefined && wanted.includes(active) ? active : wanted[0],
      });
      await Promise.all(
        wanted.map(async (path) => {
          await load(path);
          const draft = drafts.find((kept) => kept.path === path);
          if (draft) change(path, (document) => withDraft(document, draft));
        }),
      );
    },
    clear: () => store.set({ open: [], active: undefined }),
  };
}

/** The document with the disk's text in it. */
function taken(document: OpenDocument, text: string, revision: string): OpenDocument {
  return {
    ...document,
    status: "ready",
    saved: text,
    text,
    revision,
    version: document.version + 1,
    failure: undefined,
    outside: undefined,
  };
}

/** What had been typed goes back in, and a file that has changed since is a conflict and not overwritten. */
function withDraft(document: OpenDocument, draft: Draft): OpenDocument {
  const restored = { ...document, text: draft.text, version: document.version + 1 };
  if (document.status === "failed") {
    const { failure, ...rest } = restored;
    const isGone = failure?.code === "file_missing";
    return isGone
      ? { ...rest, status: "ready", revision: draft.revision, outside: { kind: "deleted" } }
      : { ...restored, status: "ready", revision: draft.revision };
  }
  if (document.revision === draft.revision || document.revision === null) return restored;
  const { text, revision } = document;
  return { ...restored, revision: draft.revision, outside: { kind: "changed", text, revision } };
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof ClientError && error.failure.code === code;
}
