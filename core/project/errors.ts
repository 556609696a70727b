import { WorkbenchError } from "../contract/errors.ts";

export type ProjectFileErrorCode =
  | "no_project"
  | "folder_missing"
  | "folder_unreadable"
  | "folder_refused"
  | "manifest_missing"
  | "manifest_exists"
  | "name_invalid"
  | "path_refused"
  | "file_missing"
  | "file_exists"
  | "file_changed"
  | "file_too_large"
  | "file_not_text"
  | "file_unreadable"
  | "file_unwritable"
  | "disk_full";

/** A folder or file of a project that cannot be used as asked. Details name paths, never contents. */
export class ProjectFileError extends WorkbenchError<ProjectFileErrorCode> {}

/** The system's error code, such as `ENOENT`; `unknown` when it gave none. */
export function reasonOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "unknown";
}

export function readFailure(error: unknown, path: string): ProjectFileError {
  if (error instanceof ProjectFileError) return error;
  const reason = reasonOf(error);
  if (reason === "ENOENT" || reason === "ENOTDIR") {
    return new ProjectFileError({
      code: "file_missing",
      message: `${path} is not there any more.`,
      details: { path },
      hint: "It was moved or deleted outside. Save to write it again, or close it.",
      cause: error,
    });
  }
  return new ProjectFileError({
    code: "file_unreadable",
    kind: "environment",
    message: `${path} cannot be read (${reason}).`,
    details: { path, reason },
    hint: "Check that the file belongs to the user who runs the workbench.",
    cause: error,
  });
}

const FULL = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);
const TAKEN = new Set(["EEXIST", "ENOTEMPTY"]);

export function writeFailure(error: unknown, path: string): ProjectFileError {
  if (error instanceof ProjectFileError) return error;
  const reason = reasonOf(error);
  if (FULL.has(reason)) {
    return new ProjectFileError({
      code: "disk_full",
      kind: "environment",
      message: `There is no room left on the disk for ${path}.`,
      details: { path, reason },
      hint: "Free some space and save again: what was typed is kept, and the file is as it was.",
      cause: error,
    });
  }
  if (TAKEN.has(reason)) return alreadyThere(path);
  if (reason === "ENOENT" || reason === "ENOTDIR") return readFailure(error, path);
  return new ProjectFileError({
    code: "file_unwritable",
    kind: "environment",
    message: `${path} cannot be written (${reason}).`,
    details: { path, reason },
    hint: "Check that the file and its folder belong to the user who runs the workbench and are not read-only.",
    cause: error,
  });
}

export function alreadyThere(path: string): ProjectFileError {
  return new ProjectFileError({
    code: "file_exists",
    message: `There is already something at ${path}.`,
    details: { path },
    hint: "Choose another name: nothing that exists is overwritten.",
  });
}

export function refusedPath(path: string, reason: string): ProjectFileError {
  return new ProjectFileError({
    code: "path_refused",
    kind: "refused",
    message: `This path is not one of the project's files: ${reason}.`,
    details: { path: path.slice(0, 256) },
    hint: "Use a path below the project's folder.",
  });
}
