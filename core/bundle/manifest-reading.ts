import { MANIFEST_FILE } from "../contract/bundle-path.ts";
import type { Manifest } from "../contract/manifest.ts";
import { BundleError } from "./errors.ts";
import { type ManifestProblem, validateManifest } from "./manifest-validation.ts";

/** How many problems an error's one sentence names; all of them are in its details. */
const PROBLEMS_IN_MESSAGE = 5;

/**
 * The manifest from a bundle's file. Throws `manifest_missing` or `manifest_invalid`, the latter with every problem
 * in `details.problems`.
 */
export function readManifest(bytes: Uint8Array | undefined): {
  manifest: Manifest;
  warnings: ManifestProblem[];
} {
  if (bytes === undefined) {
    throw new BundleError({
      code: "manifest_missing",
      message: `The bundle has no ${MANIFEST_FILE} at its root.`,
      hint: `Pack the folder that holds ${MANIFEST_FILE}, not the one above it.`,
    });
  }
  const { manifest, problems, warnings } = validateManifest(decode(bytes), MANIFEST_FILE);
  if (manifest === undefined) throw manifestError(problems);
  return { manifest, warnings };
}

/** Every problem of a manifest as one error. */
export function manifestError(problems: readonly ManifestProblem[]): BundleError {
  const shown = problems
    .slice(0, PROBLEMS_IN_MESSAGE)
    .map(({ line, column, path, message }) => `${line}:${column} ${path}: ${message}`);
  const more = problems.length - shown.length;
  return new BundleError({
    code: "manifest_invalid",
    message: `${MANIFEST_FILE} is not valid. ${shown.join(" ")}${more > 0 ? ` And ${more} more.` : ""}`,
    details: { problems },
    hint: `Mend ${MANIFEST_FILE}; its schema is resources/schemas/manifest.schema.json.`,
  });
}

function decode(bytes: Uint8Array): string {
  try {
    // A byte order mark is left in, so that it is reported like every other fault.
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new BundleError({
      code: "manifest_invalid",
      message: `${MANIFEST_FILE} is not UTF-8.`,
      hint: "Save it as UTF-8.",
    });
  }
}
