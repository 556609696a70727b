import { mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { WorkbenchError } from "../contract/errors.ts";

const OWNER_ONLY = 0o700;

/** Makes the data folder, for its owner alone. One that is there keeps its rights. @throws `home_unusable` */
export function makeHomeFolder(home: string): void {
  try {
    makeFolder(home);
  } catch (error) {
    throw new WorkbenchError({
      code: "home_unusable",
      kind: "environment",
      message: `The data folder ${home} is not there and cannot be made.`,
      hint: "Give another --home, or make the folder yourself.",
      cause: error,
    });
  }
}

/**
 * Makes a folder, and those above it, for their owner alone. One level at a time: Node's `recursive` tries for ever
 * where making a folder answers ENOENT, as below `/proc`.
 */
export function makeFolder(folder: string): void {
  if (isFolder(folder)) return;
  const parent = dirname(folder);
  if (parent !== folder) makeFolder(parent);
  try {
    mkdirSync(folder, { mode: OWNER_ONLY });
  } catch (error) {
    // Another process may have been faster.
    if (!isFolder(folder)) throw error;
  }
}

const isFolder = (path: string) => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
