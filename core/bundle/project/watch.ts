import { basename, relative, resolve, sep } from "node:path";
import { watch } from "chokidar";

export interface WatchProjectOptions {
  readonly dir: string;
  /** Called once for a burst of changes, never while its last call is still running. */
  readonly onChange: (changed: readonly string[]) => Promise<void> | void;
  /** Leaves out what no build reads. */
  readonly inputsOnly?: boolean | undefined;
  /** Ends the watch. */
  readonly signal: AbortSignal;
  /** Called when changes are being noticed. */
  readonly onReady?: (() => void) | undefined;
}

/** Editors write a file in several steps, and a checkout writes many files. Whoever waits for a build feels every one. */
const QUIET_MS = 25;
/** What builds write and package managers own: watching it would build for ever, or never start. */
const IGNORED_FOLDERS = new Set(["dist", "node_modules", ".git", "coverage"]);
/** The window keeps its requests there: they call what was built and are no part of it. */
const REQUESTS_FOLDER = "requests";

/** Resolves when `signal` aborts, after the running `onChange`. Rejects when the folder cannot be watched. */
export async function watchProject(options: WatchProjectOptions): Promise<void> {
  if (options.signal.aborted) return;
  const dir = resolve(options.dir);
  const changed = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let running = Promise.resolve();
  const deliver = () => {
    timer = undefined;
    running = running.then(async () => {
      if (changed.size === 0 || options.signal.aborted) return;
      const burst = [...changed].sort();
      changed.clear();
      await options.onChange(burst);
    });
    running.catch(fail);
  };
  let fail: (error: unknown) => void = () => {};
  const watcher = watch(dir, {
    ignoreInitial: true,
    followSymlinks: false,
    ignored: (path) => {
      if (path === dir) return false;
      const below = slashed(relative(dir, path));
      return isIgnored(below) || (options.inputsOnly === true && !isBuildInput(below));
    },
  });
  try {
    await new Promise<void>((done, reject) => {
      fail = reject;
      options.signal.addEventListener("abort", () => done(), { once: true });
      watcher.on("error", reject);
      watcher.on("ready", () => options.onReady?.());
      watcher.on("all", (_event, path) => {
        changed.add(slashed(relative(dir, path)));
        clearTimeout(timer);
        timer = setTimeout(deliver, QUIET_MS);
      });
    });
  } finally {
    clearTimeout(timer);
    await watcher.close();
    await running.catch(() => {});
  }
}

/** False for what no build reads. `path` is relative to the project, with forward slashes. */
export function isBuildInput(path: string): boolean {
  return !isIgnored(path) && path !== REQUESTS_FOLDER && !path.startsWith(`${REQUESTS_FOLDER}/`);
}

const slashed = (path: string) => path.split(sep).join("/");

function isIgnored(path: string): boolean {
  const folders = path.split("/");
  return folders.some((folder) => IGNORED_FOLDERS.has(folder)) || /\.tmp$|~$|^\.#/.test(basename(path));
}
