import { WorkbenchError } from "../contract/errors.ts";

export type PreviewErrorCode =
  | "preview_not_found"
  | "preview_without_ui"
  | "preview_not_installed"
  | "preview_disabled"
  | "preview_persona_not_found"
  | "preview_runner_unavailable"
  | "too_many_previews";

export class PreviewError extends WorkbenchError<PreviewErrorCode> {}
