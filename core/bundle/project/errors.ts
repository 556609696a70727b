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

/** Says that the caller stopped the build, whatever the interrupted step reported. */
export function cancelled(): ProjectError {
  return new ProjectError({ code: "build_cancelled", message: "The build was cancelled." });
}
