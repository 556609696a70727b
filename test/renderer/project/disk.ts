import type { Finding, ProjectChange, ProjectFile } from "../../../core/contract/rpc/project.ts";
import { ClientError } from "../../../renderer/state/failure.ts";
import type { Draft, DraftStore } from "../../../renderer/state/project/draft-store.ts";
import type { ProjectApi } from "../../../renderer/state/project/project-api.ts";

const refusal = (code: string): ClientError => new ClientError({ kind: "refused", code, message: code });

/** A project's files as the host answers for them, with the rule of revisions and nothing else. */
export function createDisk(files: Record<string, string> = {}) {
  const texts = new Map(Object.entries(files));
  const revisionOf = (text: string): string => `r:${text}`;
  return {
    texts,
    /** Set, every write fails with it. */
    writeFailure: undefined as string | undefined,
    async read(path: string): Promise<ProjectFile> {
      const text = texts.get(path);
      if (text === undefined) throw refusal("file_missing");
      return { path, text, revision: revisionOf(text), modified_at: "" };
    },
    async write({ path, text, revision }: { path: string; text: string; revision: string | null }) {
      if (this.writeFailure !== undefined) throw refusal(this.writeFailure);
      const current = texts.get(path);
      if ((current === undefined ? null : revisionOf(current)) !== revision) throw refusal("file_changed");
      texts.set(path, text);
      return { revision: revisionOf(text) };
    },
  };
}

export type Disk = ReturnType<typeof createDisk>;

/** Drafts in memory, as the browser's database keeps them. */
export function createMemoryDrafts(
  kept: Record<string, Draft[]> = {},
): DraftStore & { readonly kept: typeof kept } {
  const without = (dir: string, path: string): Draft[] =>
    (kept[dir] ?? []).filter((draft) => draft.path !== path);
  return {
    kept,
    all: async (dir) => kept[dir] ?? [],
    async put(dir, draft) {
      kept[dir] = [...without(dir, draft.path), draft];
    },
    async remove(dir, path) {
      kept[dir] = without(dir, path);
    },
  };
}

/** A host with one project open at `/p`; `tell` announces a change as the subscription does. */
export function createProjectHost(disk: Disk) {
  let onChange: (change: ProjectChange) => void = () => {};
  const state = { dir: "/p" as string | undefined, findings: [] as Finding[], typed: [] as Finding[] };
  const opened = async (dir: string) => {
    state.dir = dir;
    return { dir, name: dir };
  };
  const api: ProjectApi = {
    state: async () => ({
      ...(state.dir === undefined ? {} : { project: { dir: state.dir, name: state.dir } }),
      recent: [],
    }),
    open: opened,
    create: ({ dir }) => opened(dir),
    adopt: ({ dir }) => opened(dir),
    close: async () => {
      state.dir = undefined;
    },
    forget: async () => {},
    folders: async () => ({ dir: "/", folders: [], is_project: false, truncated: false }),
    tree: async () => ({
      entries: [...disk.texts.keys()].map((path) => ({ path, kind: "file" as const })),
      truncated: false,
    }),
    read: (path) => disk.read(path),
    write: (change) => disk.write(change),
    make: async (path) => void disk.texts.set(path, ""),
    rename: async () => {},
    remove: async (path) => void disk.texts.delete(path),
    findings: async () => state.findings,
    checkTypes: async () => state.typed,
    types: async () => ({ declarations: [], runtime: "workbench", sources: [], compiler: {} }),
    follow(listener, onState) {
      onChange = listener;
      onState("open");
      return () => {};
    },
  };
  return { api, state, tell: (change: ProjectChange) => onChange(change) };
}
