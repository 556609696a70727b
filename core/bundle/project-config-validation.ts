import { KIB } from "../contract/limits.ts";
import { type ProjectConfig, projectConfigSchema } from "../contract/project-config.ts";
import { type DocumentValidation, validateDocument } from "./document-validation.ts";

const MAX_PROJECT_CONFIG_BYTES = 64 * KIB;

/** Judges the text of a `workbench.json`. Never throws; unknown settings are problems here, not warnings. */
export function validateProjectConfig(text: string, fileName?: string): DocumentValidation<ProjectConfig> {
  return validateDocument(text, projectConfigSchema, { maxBytes: MAX_PROJECT_CONFIG_BYTES, fileName });
}
