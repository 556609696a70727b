import { readdir, realpath, stat } from "node:fs/promises";
import { dirname, join, sep } from "node:path";
import { MANIFEST_FILE } from "../contract/bundle-path.ts";
import type { FolderList } from "../contract/rpc/project.ts";
import { ProjectFileError, reasonOf } from "./errors.ts";

const MAX_LISTED_FOLDERS = 1_000;

/**
 * The folders in `dir`, for choosing one in a browser. Only the user's home and what lies below it is listed, without
 * hidden folders: enough to find a project, and no tour of the machine. Errors: `folder_refused`, `folder_unreadable`.
 */
export async function listFolders(home: string, dir: string | undefined): Promise<FolderList> {
  try {
    const root = await realpath(home);
    const folder = await realpath(dir ?? root);
    if (!isBelow(root, folder)) throw refused(folder);
    const names = (await readdir(folder, { withFileTypes: true }))
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith(".") && entry.name !== "node_modules")
      .map((entry) => entry.name)
      .sort((a, b) => a.localeCompare(b));
    const folders = await Promise.all(
      names.slice(0, MAX_LISTED_FOLDERS).map(async (name) => {
        const path = join(folder, name);
        return { name, dir: path, is_project: await hasManifest(path) };
      }),
    );
    return {
      dir: folder,
      ...(folder === root ? {} : { parent: dirname(folder) }),
      folders,
      is_project: await hasManifest(folder),
      truncated: names.length > MAX_LISTED_FOLDERS,
    };
  } catch (error) {
    if (error instanceof ProjectFileError) throw error;
    throw new ProjectFileError({
      code: "folder_unreadable",
      kind: "environment",
      message: `The folder cannot be read (${reasonOf(error)}).`,
      details: { ...(dir === undefined ? {} : { dir }) },
      hint: "Choose another folder, or give its path yourself.",
      cause: error,
    });
  }
}

export async function hasManifest(folder: string): Promise<boolean> {
  return (await stat(join(folder, MANIFEST_FILE)).catch(() => undefined))?.isFile() ?? false;
}

function isBelow(root: string, folder: string): boolean {
  return folder === root || folder.startsWith(root.endsWith(sep) ? root : root + sep);
}

function refused(dir: string): ProjectFileError {
  return new ProjectFileError({
    code: "folder_refused",
    kind: "refused",
    message: "Only folders below your home are listed.",
    details: { dir },
    hint: "To open a project elsewhere, type its path.",
  });
}
