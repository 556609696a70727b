import { readFile, realpath, stat } from "node:fs/promises";
import { basename, isAbsolute, join, resolve } from "node:path";
import { MANIFEST_FILE } from "../contract/manifest.ts";
import { ProjectFileError, reasonOf } from "./errors.ts";
import type { DocumentJudge } from "./findings.ts";

/** `~` is what people type for their home. */
export function absolute(dir: string, home: string): string {
  const expanded = dir === "~" || dir.startsWith("~/") ? join(home, dir.slice(1)) : dir;
  if (isAbsolute(expanded)) return resolve(expanded);
  throw new ProjectFileError({
    code: "folder_refused",
    message: "Give the folder's whole path.",
    details: { expected: "an absolute path, or one that begins with ~/" },
    hint: `For example ${join(home, "hello")}.`,
  });
}

/** The folder's real path. Errors: `folder_refused`, `folder_missing`, `folder_unreadable`. */
export async function projectFolder(asked: string, home: string): Promise<string> {
  const dir = absolute(asked, home);
  try {
    const real = await realpath(dir);
    if ((await stat(real)).isDirectory()) return real;
  } catch (error) {
    const reason = reasonOf(error);
    if (reason !== "ENOENT" && reason !== "ENOTDIR") {
      throw new ProjectFileError({
        code: "folder_unreadable",
        kind: "environment",
        message: `The folder cannot be read (${reason}).`,
        details: { dir },
        hint: "Check that it belongs to the user who runs the workbench.",
        cause: error,
      });
    }
  }
  throw new ProjectFileError({
    code: "folder_missing",
    message: "There is no folder at this path.",
    details: { dir },
    hint: "Check the path, or create a project there from a template.",
  });
}

export function manifestMissing(dir: string): ProjectFileError {
  return new ProjectFileError({
    code: "manifest_missing",
    message: `This folder is no project: it has no ${MANIFEST_FILE}.`,
    details: { dir },
    hint: `Write a first ${MANIFEST_FILE} into it, or create a project from a template in another folder.`,
  });
}

/** What the manifest says, however unfinished the rest of it is. */
export async function nameOf(dir: string, judge: DocumentJudge): Promise<string> {
  const text = await readFile(join(dir, MANIFEST_FILE), "utf8").catch(() => "");
  return judge.manifest(text).manifest?.name ?? basename(dir);
}
