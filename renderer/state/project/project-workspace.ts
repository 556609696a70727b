import type { Finding, ProjectStateAnswer, ProjectSummary } from "../../../core/contract/rpc/project.ts";
import type { StreamState } from "../../event-stream.ts";
import type { Problem, ProblemSource } from "../bottom-panel.ts";
import { createResource, type Resource } from "../resource.ts";
import { createStore, type Readable } from "../store.ts";
import type { Timers } from "../timers.ts";
import { createDocuments, type Documents } from "./documents.ts";
import { createDraftKeeper } from "./draft-keeper.ts";
import type { DraftStore } from "./draft-store.ts";
import type { ProjectApi, TreeAnswer } from "./project-api.ts";
import type { ProjectSessions } from "./project-session.ts";
import { createTypeCheck, type TypeCheck } from "./type-check.ts";

/** A place to show; `key` tells two wishes for the same place apart. */
export interface Reveal {
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly key: number;
}

/** Quiet time after a change on disk before the tree and the findings are asked for again. */
export const REFRESH_DELAY_MS = 120;

export interface ProjectWorkspaceOptions {
  readonly api: ProjectApi;
  readonly drafts: DraftStore;
  readonly sessions: ProjectSessions;
  readonly timers: Timers;
  /** Takes the findings of one source; the panel below the screen shows them. */
  report(source: ProblemSource, problems: readonly Omit<Problem, "source">[]): void;
  /** Says what is open and how much of it is not saved. */
  announce(
    project: { readonly name: string; readonly dir: string; readonly unsaved: number } | undefined,
  ): void;
}

/** The open project as one window works on it. */
export interface ProjectWorkspace {
  readonly project: Resource<ProjectStateAnswer>;
  readonly tree: Resource<TreeAnswer>;
  readonly documents: Documents;
  readonly types: TypeCheck;
  readonly connection: Readable<StreamState>;
  readonly reveal: Readable<Reveal | undefined>;
  folders: ProjectApi["folders"];
  typeSources: ProjectApi["types"];
  /** Opens a file at a place, both from 1. */
  show(path: string, line?: number, column?: number): Promise<void>;
  open(dir: string): Promise<ProjectSummary>;
  create: ProjectApi["create"];
  adopt: ProjectApi["adopt"];
  /** Closes the project; what is not saved stays as drafts unless it is `discard`ed. */
  close(discard: boolean): Promise<void>;
  forget(dir: string): Promise<void>;
  make(path: string, kind: "file" | "folder"): Promise<void>;
  rename(path: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  /** Whatever waits is written now: the page may be about to go. */
  flush(): Promise<void>;
  start(): () => void;
}

export function createProjectWorkspace(options: ProjectWorkspaceOptions): ProjectWorkspace {
  const { api, sessions, timers } = options;
  const connection = createStore<StreamState>("connecting");
  const reveal = createStore<Reveal | undefined>(undefined);
  const documents = createDocuments(api);
  const keeper = createDraftKeeper(options.drafts, timers);
  const project = createResource((signal) => api.state(signal));
  const tree = createResource((signal) => api.tree(signal));
  const types = createTypeCheck(api, timers, (findings) => {
    typed = findings;
    reportAll();
  });
  /** The folder whose files `documents` holds; `undefined` while another one is being entered. */
  let dir: string | undefined;
  /** The folder that is entered or being entered. */
  let target: string | undefined;
  let reveals = 0;
  /** What the host found in the project's files and its last build, and what the compiler did. */
  let found: readonly Finding[] = [];
  let typed: readonly Finding[] = [];
  /** Why the editor judges by other settings than the project's own. */
  let compilerFault: string | undefined;
  let cancelRefresh: (() => void) | undefined;
  const changed = new Set<string>();

  const judge = async (): Promise<void> => {
    const mine = dir;
    const findings = await api.findings(new AbortController().signal).catch(() => undefined);
    if (findings === undefined || mine !== dir) return;
    found = findings;
    reportAll();
  };
  /** A build that fails on types says what the check of types has said already. */
  const reportAll = (): void => {
    const known = new Set(typed.map(placeOf));
    const ofBuild = found.filter((finding) => finding.source === "build" && !known.has(placeOf(finding)));
    const ofDocuments = found.filter(({ source }) => source !== "build" && source !== "policy");
    const documented = new Set(ofDocuments.map(placeOf));
    options.report("manifest", ofDocuments.map(problemOf));
    options.report("policy", found.filter(({ source }) => source === "policy").map(problemOf));
    options.report("types", [...settingsProblems(compilerFault), ...typed.map(problemOf)]);
    options.report("build", ofBuild.filter((finding) => !documented.has(placeOf(finding))).map(problemOf));
  };
  const announce = (): void => {
    const current = project.get().data?.project;
    options.announce(current ? { ...current, unsaved: documents.dirty().length } : undefined);
  };
  const enter = async (next: string | undefined): Promise<void> => {
    // Opening answers and is announced: the second of the two finds the first under way.
    if (next === target) return;
    target = next;
    await keeper.flush();
    if (target !== next) return;
    dir = undefined;
    documents.clear();
    found = [];
    typed = [];
    compilerFault = undefined;
    reportAll();
    if (next === undefined) return;
    const drafts = await options.drafts.all(next).catch(() => []);
    if (target !== next) return;
    const session = sessions.restore(next);
    // The first thing one wants to see of a project that was never open here.
    const paths = session.paths.length === 0 && drafts.length === 0 ? ["manifest.json"] : session.paths;
    const restoring = documents.restore(paths, session.active, drafts);
    void tree.reload();
    await restoring;
    if (target !== next) return;
    dir = next;
    void judge();
    types.ask();
  };
  const reload = async (): Promise<void> => {
    await project.reload();
    const { data, failure } = project.get();
    if (failure === undefined) await enter(data?.project?.dir);
    announce();
  };
  const afterQuiet = (): void => {
    cancelRefresh?.();
    cancelRefresh = timers.after(REFRESH_DELAY_MS, () => {
      const paths = [...changed];
      changed.clear();
      void tree.reload();
      void documents.refresh(paths);
      void judge();
      types.ask();
    });
  };
  const opened = async (opening: Promise<ProjectSummary>): Promise<ProjectSummary> => {
    await keeper.flush();
    const summary = await opening;
    await reload();
    return summary;
  };
  const isClosed = async (paths: readonly string[]): Promise<void> => {
    for (const path of paths) documents.close(path);
    await keeper.flush();
  };

  return {
    project,
    tree,
    documents,
    types,
    connection,
    reveal,
    folders: (folder, signal) => api.folders(folder, signal),
    async typeSources(signal) {
      const mine = dir;
      const sources = await api.types(signal);
      if (mine === dir && compilerFault !== sources.compiler.fault) {
        compilerFault = sources.compiler.fault;
        reportAll();
      }
      return sources;
    },
    async show(path, line, column = 1) {
      await documents.open(path);
      if (line === undefined) return;
      reveals += 1;
      reveal.set({ path, line, column, key: reveals });
    },
    open: (folder) => opened(api.open(folder)),
    create: (wanted) => opened(api.create(wanted)),
    adopt: (wanted) => opened(api.adopt(wanted)),
    async close(discard) {
      if (discard) for (const { path, saved } of documents.dirty()) documents.edit(path, saved);
      await keeper.flush();
      await api.close();
      await reload();
    },
    async forget(folder) {
      await api.forget(folder);
      await project.reload();
    },
    async make(path, kind) {
      await api.make(path, kind);
      await tree.reload();
      if (kind === "file") await documents.open(path);
    },
    async rename(path, to) {
      await api.rename(path, to);
      documents.moved(path, to);
      await tree.reload();
    },
    async remove(path) {
      await api.remove(path);
      const gone = documents.get().open.filter((one) => one.path === path || one.path.startsWith(`${path}/`));
      await isClosed(gone.map((one) => one.path));
      await tree.reload();
    },
    flush: () => keeper.flush(),
    start() {
      const stopWatching = documents.subscribe(() => {
        const { open, active } = documents.get();
        announce();
        // While a project is being entered its files are not all there yet, and nothing of them is to be kept.
        if (dir === undefined) return;
        keeper.keep(dir, open);
        sessions.keep(dir, {
          paths: open.map((document) => document.path),
          ...(active === undefined ? {} : { active }),
        });
      });
      const stopFollowing = api.follow(
        (change) => {
          if (change.kind === "built") void judge();
          else if (change.kind !== "changed") void reload();
          if (change.kind !== "changed") return;
          for (const path of change.paths) changed.add(path);
          afterQuiet();
        },
        (state) => {
          connection.set(state);
          // Whatever happened while nobody listened: files may be others, even the project may be.
          if (state !== "open") return;
          void reload().then(() => {
            for (const document of documents.get().open) changed.add(document.path);
            if (dir !== undefined) afterQuiet();
          });
        },
      );
      return () => {
        stopFollowing();
        stopWatching();
        cancelRefresh?.();
        types.stop();
      };
    },
  };
}

function settingsProblems(fault: string | undefined): Omit<Problem, "source">[] {
  if (fault === undefined) return [];
  const message = `tsconfig.json cannot be read, so the editor judges by the build's own settings. ${fault}`;
  return [
    { severity: "warning", message, file: "tsconfig.json", line: 1, column: 1, code: "tsconfig_unreadable" },
  ];
}

function placeOf({ path, line, column, code }: Finding): string {
  return [path, line, column, code].join("\n");
}

function problemOf({ severity, message, path, line, column, code }: Finding): Omit<Problem, "source"> {
  return { severity, message, file: path, line, column, code };
}
