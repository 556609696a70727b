import { basename, relative, resolve, sep } from "node:path";
import { watch } from "chokidar";

export interface WatchProjectOptions {
  readonly dir: string;
  /** Called once for a burst of changes, never while its last call is still running. */
  readonly onChange: (changed: readonly string[]) => Promise<void> | void;
  /** Ends the watch. */
  readonly signal: AbortSignal;
  /** Called when changes are being noticed. */
  readonly onReady?: (() => void) | undefined;
}

/** Editors write a file in several steps, and a checkout writes many files. */
const QUIET_MS = 100;
/** What builds write and package managers own: watching it would build for ever, or never start. */
const IGNORED_FOLDERS = new Set(["dist", "node_modules", ".git", "coverage"]);

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
    ignored: (path) => path !== dir && isIgnored(relative(dir, path)),
  });
  try {
    await new Promise<void>((done, reject) => {
      fail = reject;
      options.signal.addEventListener("abort", () => done(), { once: true });
      watcher.on("error", reject);
      watcher.on("ready", () => options.onReady?.());
      watcher.on("all", (_event, path) => {
        changed.add(relative(dir, path).split(sep).join("/"));
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

function isIgnored(path: string): boolean {
  const folders = path.split(sep);
  return folders.some((folder) => IGNORED_FOLDERS.has(folder)) || /\.tmp$|~$|^\.#/.test(basename(path));
}
