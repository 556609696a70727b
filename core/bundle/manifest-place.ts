import type { DocumentProblem } from "../contract/document-problem.ts";
import { MAX_MANIFEST_BYTES } from "../contract/limits.ts";
import { type JsonPath, MAX_JSON_DEPTH, parseJsonDocument } from "./json-document.ts";

/** Line and column of a value in a manifest's text, or of the nearest value around it; `undefined` when it is no JSON. */
export function placeInManifest(
  text: string,
  path: JsonPath,
): Pick<DocumentProblem, "line" | "column"> | undefined {
  const limits = { maxBytes: MAX_MANIFEST_BYTES, maxDepth: MAX_JSON_DEPTH };
  return parseJsonDocument(text, limits).document?.locate(path);
}
