import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { TreeEntry } from "../contract/rpc/project.ts";
import { ProjectFileError, reasonOf } from "./errors.ts";

/** More than a person can look through; a project of this size has its sources among others. */
export const MAX_TREE_ENTRIES = 5_000;
/** What builds write, package managers own and version control keeps. */
const IGNORED = new Set(["node_modules", ".git", "dist", "coverage", ".DS_Store"]);

export interface FileTree {
  readonly entries: readonly TreeEntry[];
  readonly truncated: boolean;
}

/** The project's files and folders: folders before files, each by name. Links are shown and never walked through. */
export async function readFileTree(root: string): Promise<FileTree> {
  const entries: TreeEntry[] = [];
  let truncated = false;
  const walk = async (folder: string, prefix: string): Promise<void> => {
    for (const entry of await sortedEntries(folder, prefix === "")) {
      if (IGNORED.has(entry.name) || entry.name.endsWith(".tmp")) continue;
      if (entries.length >= MAX_TREE_ENTRIES) {
        truncated = true;
        return;
      }
      const path = prefix + entry.name;
      if (entry.isFolder) {
        entries.push({ path, kind: "folder" });
        await walk(join(folder, entry.name), `${path}/`);
      } else {
        const size = (await stat(join(folder, entry.name)).catch(() => undefined))?.size;
        entries.push({ path, kind: "file", ...(size === undefined ? {} : { size }) });
      }
    }
  };
  await walk(root, "");
  return { entries, truncated };
}

async function sortedEntries(folder: string, isRoot: boolean) {
  const found = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    // One folder that may not be read does not hide the others.
    if (!isRoot) return [];
    throw new ProjectFileError({
      code: "folder_unreadable",
      kind: "environment",
      message: `The project's folder cannot be read (${reasonOf(error)}).`,
      details: { dir: folder },
      hint: "Check that it is still there and belongs to the user who runs the workbench.",
      cause: error,
    });
  });
  return found
    .map((entry) => ({ name: entry.name, isFolder: entry.isDirectory() }))
    .sort((a, b) => Number(b.isFolder) - Number(a.isFolder) || (a.name < b.name ? -1 : 1));
}
