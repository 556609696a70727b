import { mkdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { MANIFEST_FILE } from "../contract/manifest.ts";
import type {
  Finding,
  FolderList,
  ProjectChange,
  ProjectFile,
  ProjectStateAnswer,
  ProjectSummary,
  TypeSources,
} from "../contract/rpc/project.ts";
import type { Clock } from "../platform/clock.ts";
import type { Logger } from "../platform/logger.ts";
import { createChangeFeed } from "./change-feed.ts";
import { createCompilerSettings } from "./compiler-settings.ts";
import { containedPath } from "./contained-path.ts";
import { alreadyThere, ProjectFileError, reasonOf, writeFailure } from "./errors.ts";
import { type FileTree, readFileTree } from "./file-tree.ts";
import { type DocumentJudge, documentFindings } from "./findings.ts";
import { firstManifest } from "./first-manifest.ts";
import { hasManifest, listFolders } from "./folder-browser.ts";
import { createOwnWrites } from "./own-writes.ts";
import { type PolicyFacts, type PolicyFinding, policyFindings } from "./policy-findings.ts";
import { absolute, manifestMissing, nameOf, projectFolder } from "./project-folder.ts";
import { createRecentProjects, type ProjectSettings } from "./recent-projects.ts";
import { readTextFile, writeTextFile } from "./text-file.ts";
import { readTypeSources } from "./type-sources.ts";

export interface ProjectPorts {
  readonly settings: ProjectSettings;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The user's home folder, the root of what is listed. */
  readonly home: string;
  readonly judge: DocumentJudge;
  create(options: {
    readonly dir: string;
    readonly name: string;
    readonly template: "handler" | "ui" | "full";
  }): Promise<{ readonly path: string }>;
  checkTypes(dir: string, signal: AbortSignal): Promise<readonly Finding[]>;
  /** What the project's own compiler settings come to. Throws when the compiler cannot read them. */
  compilerOptions(dir: string): Promise<Record<string, unknown> | undefined>;
  /** What can be told of a project's rights without running it. */
  judgePolicy(facts: PolicyFacts): readonly PolicyFinding[];
  /** Where the answers to the project's endpoints come from. Throws when its description cannot be read. */
  handlerSource(dir: string): Promise<{ readonly entry: string } | "script" | "none">;
  /** Reports bursts of changed paths until the signal aborts. */
  watch(options: {
    readonly dir: string;
    readonly onChange: (changed: readonly string[]) => void | Promise<void>;
    /** Called when changes are being noticed. */
    readonly onReady: () => void;
    readonly signal: AbortSignal;
  }): Promise<void>;
}

/** The watch over the open project's folder. */
export interface ProjectWatch {
  /** From then on no change is missed. */
  readonly ready: Promise<void>;
  /** Resolves when the project is closed; rejects when its folder can no longer be watched. */
  readonly ended: Promise<void>;
}

/** The one project that this host has open, and everything that the window does with its files. */
export interface Projects {
  /** The open project; `dir` is absolute with links resolved. */
  current(): ProjectSummary | undefined;
  /** Errors: `no_project`. */
  watch(): ProjectWatch;
  /** Hears of opening, closing and every change of a file; the answer ends it. */
  onChange(listener: (change: ProjectChange) => void): () => void;
  follow(signal: AbortSignal): AsyncIterable<readonly ProjectChange[]>;
  /** Opens again what was open when the host stopped, if it is still there. */
  restore(): Promise<void>;
  state(): Promise<ProjectStateAnswer>;
  open(dir: string): Promise<ProjectSummary>;
  close(): void;
  create(options: {
    dir: string;
    name: string;
    template: "handler" | "ui" | "full";
  }): Promise<ProjectSummary>;
  adopt(options: { dir: string; name: string }): Promise<ProjectSummary>;
  forget(dir: string): void;
  folders(dir: string | undefined): Promise<FolderList>;
  tree(): Promise<FileTree>;
  read(path: string): Promise<ProjectFile>;
  write(change: { path: string; text: string; revision: string | null }): Promise<{
    revision: string;
    modified_at: string;
  }>;
  make(path: string, kind: "file" | "folder"): Promise<void>;
  rename(path: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  findings(): Promise<readonly Finding[]>;
  checkTypes(signal: AbortSignal): Promise<readonly Finding[]>;
  typeSources(): Promise<TypeSources>;
  /** What the last build found; an empty list once it succeeds. */
  reportBuild(findings: readonly Finding[]): void;
  /** Stops watching; the project stays remembered as open. */
  dispose(): void;
}

export function createProjects(ports: ProjectPorts): Projects {
  const feed = createChangeFeed();
  const recent = createRecentProjects(ports.settings);
  const ownWrites = createOwnWrites();
  const compilerSettings = createCompilerSettings(ports.compilerOptions);
  let open:
    | { readonly summary: ProjectSummary; readonly watching: AbortController; readonly watch: ProjectWatch }
    | undefined;
  let built: readonly Finding[] = [];
  /** One writer at a time: two windows that save the same file are judged one after the other. */
  let writing: Promise<unknown> = Promise.resolve();

  const publish = (kind: ProjectChange["kind"], paths: readonly string[] = []): void => {
    if (open) feed.publish({ kind, dir: open.summary.dir, paths });
  };
  const root = (): string => {
    if (open) return open.summary.dir;
    throw noProject();
  };
  const exclusively = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = writing.then(work);
    writing = turn.catch(() => {});
    return turn;
  };
  const changing = (paths: readonly string[], work: (root: string) => Promise<void>): Promise<void> =>
    exclusively(async () => {
      const dir = root();
      try {
        await work(dir);
      } catch (error) {
        throw writeFailure(error, paths.at(-1) ?? dir);
      }
      await Promise.all(paths.map((path) => ownWrites.remember(dir, path)));
      publish("changed", paths);
    });

  const stopWatching = (): void => open?.watching.abort();
  const openFolder = async (asked: string): Promise<ProjectSummary> => {
    const dir = await projectFolder(asked, ports.home);
    if (!(await hasManifest(dir))) throw manifestMissing(dir);
    const summary = { dir, name: await nameOf(dir, ports.judge) };
    stopWatching();
    const watching = new AbortController();
    const ready = Promise.withResolvers<void>();
    const ended = ports.watch({
      dir,
      signal: watching.signal,
      onReady: () => ready.resolve(),
      onChange: async (changed) => {
        const foreign = await ownWrites.without(dir, changed);
        if (foreign.length > 0 && !watching.signal.aborted) publish("changed", foreign);
      },
    });
    ended.catch((error: unknown) => {
      ready.resolve();
      ports.logger.warn({ reason: reasonOf(error) }, "The project cannot be watched.");
    });
    open = { summary, watching, watch: { ready: ready.promise, ended } };
    built = [];
    recent.opened(summary, ports.clock.now());
    publish("opened");
    return summary;
  };

  return {
    current: () => open?.summary,
    watch() {
      if (open) return open.watch;
      throw noProject();
    },
    onChange: feed.listen,
    follow: feed.follow,
    async restore() {
      const dir = recent.lastOpen();
      // A folder that has gone is no reason to fail: it stays on the list of recent ones and says so there.
      if (dir !== undefined) await openFolder(dir).catch(() => undefined);
    },
    state: async () => ({ ...(open ? { project: open.summary } : {}), recent: await recent.list() }),
    open: openFolder,
    close() {
      stopWatching();
      publish("closed");
      open = undefined;
      recent.closed();
    },
    async create({ dir, name, template }) {
      const { path } = await ports.create({ dir: absolute(dir, ports.home), name, template });
      return openFolder(path);
    },
    async adopt({ dir, name }) {
      const folder = await projectFolder(dir, ports.home);
      const text = firstManifest(name, ports.judge);
      try {
        await writeFile(join(folder, MANIFEST_FILE), text, { flag: "wx" });
      } catch (error) {
        throw writeFailure(error, MANIFEST_FILE);
      }
      return openFolder(folder);
    },
    forget: (dir) => recent.forget(dir),
    folders: (dir) => listFolders(ports.home, dir),
    tree: async () => readFileTree(root()),
    read: async (path) => readTextFile(await containedPath(root(), path), path),
    write: (change) =>
      exclusively(async () => {
        const dir = root();
        const file = await containedPath(dir, change.path);
        const written = await writeTextFile(file, change.path, change);
        await ownWrites.remember(dir, change.path);
        publish("changed", [change.path]);
        return written;
      }),
    make: (path, kind) =>
      changing([path], async (dir) => {
        const target = await containedPath(dir, path);
        await mkdir(dirname(target), { recursive: true });
        if (kind === "folder") await mkdir(target);
        else await writeFile(target, "", { flag: "wx" });
      }),
    rename: (path, to) =>
      changing([path, to], async (dir) => {
        const from = await containedPath(dir, path);
        const target = await containedPath(dir, to);
        if (await stat(target).catch(() => undefined)) throw alreadyThere(to);
        await mkdir(dirname(target), { recursive: true });
        await rename(from, target);
      }),
    remove: (path) =>
      changing([path], async (dir) => rm(await containedPath(dir, path), { recursive: true })),
    findings: async () => {
      const dir = root();
      const [documents, policy] = await Promise.all([
        documentFindings(dir, ports.judge),
        policyFindings(dir, ports),
      ]);
      return [...documents, ...policy, ...built];
    },
    checkTypes: async (signal) => ports.checkTypes(root(), signal),
    typeSources: async () => {
      const dir = root();
      return readTypeSources(dir, () => compilerSettings.of(dir));
    },
    reportBuild(findings) {
      if (built.length === 0 && findings.length === 0) return;
      built = findings;
      publish("built");
    },
    dispose: stopWatching,
  };
}

function noProject(): ProjectFileError {
  return new ProjectFileError({
    code: "no_project",
    message: "No project is open.",
    hint: "Open a folder or create a project from a template.",
  });
}
