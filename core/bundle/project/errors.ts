import { WorkbenchError } from "../../contract/errors.ts";

export type ProjectErrorCode =
  // The project's files.
  | "project_missing"
  | "manifest_missing"
  | "manifest_too_large"
  | "package_invalid"
  | "config_invalid"
  | "engine_unknown"
  | "source_missing"
  | "source_too_large"
  | "handler_missing"
  | "ui_missing"
  | "ui_entry_missing"
  | "dependencies_missing"
  // Its build.
  | "type_error"
  | "bundle_error"
  | "component_error"
  | "component_timeout"
  | "component_too_large"
  | "budget_exceeded"
  | "script_failed"
  | "output_missing"
  | "build_cancelled"
  | "disk_full"
  | "output_unwritable"
  // Packing.
  | "component_missing"
  | "file_refused"
  | "too_many_files"
  | "bundle_too_large"
  // Creating.
  | "directory_not_empty"
  | "invalid_name"
  | "unknown_template"
  | "toolchain_missing";

/** A project that cannot be created, built or packed. Details name files of the project, never their contents. */
export class ProjectError extends WorkbenchError<ProjectErrorCode> {}

/** One complaint of a compiler about one place. Lines and columns count from 1. */
export interface Diagnostic {
  /** Relative to the project, with forward slashes; absent when the complaint is about no file. */
  file?: string;
  line?: number;
  column?: number;
  /** The compiler's own code, such as `TS2322`. */
  code: string;
  message: string;
}

/** `src/index.ts:3:7 TS2322 Type …`: how a terminal shows a diagnostic. */
export function describeDiagnostic({ file, line, column, code, message }: Diagnostic): string {
  const place = [file, line, column].filter((part) => part !== undefined).join(":");
  return [place, code, message].filter((part) => part !== "").join(" ");
}

const FULL = new Set(["ENOSPC", "EDQUOT"]);
const UNWRITABLE = new Set(["EACCES", "EPERM", "EROFS"]);

/** What the disk said while `path` was written, with how to mend it; anything else is passed on as it is. */
export function writeError(error: unknown, path: string): unknown {
  const reason = error instanceof Error && "code" in error ? String(error.code) : "";
  const common = { kind: "environment", details: { path, reason }, cause: error } as const;
  if (FULL.has(reason)) {
    return new ProjectError({
      ...common,
      code: "disk_full",
      message: "There is no room left on the disk for what the build makes.",
      hint: "Free some space and build again: the component of the last build is as it was.",
    });
  }
  if (!UNWRITABLE.has(reason)) return error;
  return new ProjectError({
    ...common,
    code: "output_unwritable",
    message: `What the build makes cannot be written (${reason}).`,
    hint: "Check that the project's dist folder belongs to the user who runs the workbench and is not read-only.",
  });
}

/** Says that the caller stopped the build, whatever the interrupted step reported. */
export function cancelled(): ProjectError {
  return new ProjectError({ code: "build_cancelled", message: "The build was cancelled." });
}
