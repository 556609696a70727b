import { existsSync, realpathSync } from "node:fs";
import { dirname, extname, join } from "node:path";

/** Folder of this product's code: `core`, or its counterpart in a build. */
const CODE = dirname(dirname(import.meta.dirname));
const ENTRY = join(dirname(import.meta.dirname), "process", `main${extname(import.meta.filename)}`);

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

export interface CommandLineOptions {
  readonly objectsDir: string;
  /** Another entry under the same rights; tests look from inside what they allow. */
  readonly entry?: string | undefined;
}

/**
 * Arguments for Node: the least rights that it can be told to give. No writing, no child processes, no native
 * add-ons, no WASI of Node's own, no code from strings; reading only bundles and code; worker threads allowed.
 */
export function runnerArguments({ objectsDir, entry = ENTRY }: CommandLineOptions): string[] {
  // Node compares the path as it is asked for and as it resolves: where a link lies in between, both are needed.
  const readable = new Set([objectsDir, ...codePaths()].flatMap((path) => [path, realpathSync(path)]));
  return [
    "--permission",
    ...Array.from(readable, (path) => `--allow-fs-read=${path}`),
    "--allow-worker",
    // Said at every start; what worker threads may do is tested from inside.
    "--disable-warning=PERM0006",
    "--disallow-code-generation-from-strings",
    entry,
  ];
}
