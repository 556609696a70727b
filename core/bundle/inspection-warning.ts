import { MANIFEST_FILE } from "../contract/bundle-path.ts";
import type { ManifestProblem } from "./manifest-validation.ts";

/** Something in a bundle that is allowed and probably not meant, or that its reader should know. */
export interface InspectionWarning {
  readonly code: InspectionWarningCode;
  /** In one sentence, names made printable. */
  readonly message: string;
  /** File in the bundle. */
  readonly file?: string;
  /** JSON path in that file. */
  readonly path?: string;
}

export type InspectionWarningCode =
  | "unknown_field"
  | "shadowed_endpoint"
  | "event_handler_missing"
  | "manifest_note"
  | "nothing_to_run"
  | "component_missing"
  | "component_is_core_module"
  | "component_invalid"
  | "entry_missing"
  | "entry_elsewhere"
  | "handler_not_exported"
  | "capability_not_requested"
  | "capability_not_used"
  | "import_not_linked"
  | "ui_entry_missing"
  | "asset_matches_nothing"
  | "precompiled_missing"
  | "sbom_missing"
  | "sbom_unreadable"
  | "inner_signature_ignored"
  | "path_not_portable"
  | "sensitive_file";

/** Of problems of the manifest alone; they are the same here. */
const KEPT_CODES = ["unknown_field", "shadowed_endpoint", "event_handler_missing"] as const;

export function fromManifest(problem: ManifestProblem): InspectionWarning {
  const code = KEPT_CODES.find((each) => each === problem.code) ?? "manifest_note";
  return { code, message: problem.message, file: MANIFEST_FILE, path: problem.path };
}
