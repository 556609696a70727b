import { existsSync, realpathSync } from "node:fs";
import { dirname, extname, join } from "node:path";
import { COLLECTION_FLAGS } from "../../platform/collection-flags.ts";

/** Folder of this product's code: `core`, or its counterpart in a build. */
const CODE = dirname(dirname(import.meta.dirname));
/** An archive of the largest size and everything made of it. */
const PREPARER_HEAP_MIB = 2_048;

/** Everything that the runner's code is made of: its own, the libraries, and what says how to read them. */
export function codePaths(): string[] {
  const paths = [CODE];
  for (let folder = dirname(CODE); ; folder = dirname(folder)) {
    for (const name of ["node_modules", "package.json"]) {
      if (existsSync(join(folder, name))) paths.push(join(folder, name));
    }
    if (paths.some((path) => path.endsWith("node_modules")) || folder === dirname(folder)) return paths;
  }
}

export interface RunnerRights {
  /** Folders besides the code: bundles, and what was prepared of them. */
  readonly readable: readonly string[];
  /** Another entry under the same rights; tests look from inside what they allow. */
  readonly entry?: string | undefined;
}

/**
 * Arguments for Node: the least rights that it can be told to give. No writing, no child processes, no native
 * add-ons, no WASI of Node's own, no code from strings; reading only bundles and code; worker threads allowed.
 */
export function runnerArguments({ readable, entry = entryOf("main") }: RunnerRights): string[] {
  return [
    ...restricted(readable),
    ...COLLECTION_FLAGS,
    "--allow-worker",
    // Said at every start; what worker threads may do is tested from inside.
    "--disable-warning=PERM0006",
    entry,
  ];
}

export interface PreparerRights {
  readonly objectsDir: string;
  /** The one folder that it may write to. */
  readonly preparedDir: string;
}

/** The same without threads, and with one folder to write to: it runs no guest, but it reads hostile bytes. */
export function preparerArguments({ objectsDir, preparedDir }: PreparerRights): string[] {
  return [
    ...restricted([objectsDir, preparedDir]),
    ...asAskedAndResolved([preparedDir]).map((path) => `--allow-fs-write=${path}`),
    `--max-old-space-size=${PREPARER_HEAP_MIB}`,
    entryOf("preparer-main"),
  ];
}

function restricted(folders: readonly string[]): string[] {
  return [
    "--permission",
    ...asAskedAndResolved([...folders, ...codePaths()]).map((path) => `--allow-fs-read=${path}`),
    "--disallow-code-generation-from-strings",
  ];
}

/** Node compares the path as it is asked for and as it resolves: where a link lies in between, both are needed. */
function asAskedAndResolved(paths: readonly string[]): string[] {
  return [...new Set(paths.flatMap((path) => [path, realpathSync(path)]))];
}

function entryOf(name: string): string {
  return join(dirname(import.meta.dirname), "process", `${name}${extname(import.meta.filename)}`);
}
