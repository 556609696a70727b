import { COMPONENT_FILE, MANIFEST_FILE } from "../contract/bundle-path.ts";
import type { Manifest } from "../contract/manifest.ts";
import { printable } from "./errors.ts";
import type { InspectionWarning, InspectionWarningCode } from "./inspection-warning.ts";

/** What a manifest promises and the bundle's files do not keep. */
export function manifestWarnings(manifest: Manifest, paths: readonly string[]): InspectionWarning[] {
  const known = new Set(paths);
  const has = (path: string) => known.has(path);
  return [
    ...componentWarnings(manifest, has),
    ...missing("ui_entry_missing", "$.ui.entry", manifest.ui?.entry, has),
    ...missing("sbom_missing", "$.sbom", manifest.sbom, has),
    ...Object.entries(manifest.precompiled ?? {}).flatMap(([target, path]) =>
      missing("precompiled_missing", `$.precompiled[${JSON.stringify(printable(target))}]`, path, has),
    ),
    ...(manifest.assets ?? []).flatMap((glob, index) =>
      mayMatch(glob, paths)
        ? []
        : [
            warning(
              "asset_matches_nothing",
              `$.assets[${index}]`,
              `No file matches the asset pattern ${printable(glob)}.`,
            ),
          ],
    ),
  ];
}

/**
 * Compares only what stands before a pattern's first wildcard: enough to find a misspelt folder, and nothing that a
 * pattern made to expand without end could hold up.
 */
function mayMatch(glob: string, paths: readonly string[]): boolean {
  const literal = glob.split(/[*?[{(!]/, 1)[0] ?? "";
  return (
    glob.startsWith("!") ||
    paths.some((path) => (literal === glob ? path === literal : path.startsWith(literal)))
  );
}

function componentWarnings(manifest: Manifest, has: (path: string) => boolean): InspectionWarning[] {
  const { entry } = manifest;
  if (entry !== undefined && !has(entry)) return missing("entry_missing", "$.entry", entry, has);
  if (entry !== undefined && entry !== COMPONENT_FILE) {
    return [
      warning(
        "entry_elsewhere",
        "$.entry",
        `Runners load the component from ${COMPONENT_FILE} and nowhere else.`,
      ),
    ];
  }
  if (has(COMPONENT_FILE)) return [];
  if ((manifest.api?.endpoints ?? []).length > 0) {
    return [
      warning(
        "component_missing",
        "$.api.endpoints",
        `There are endpoints and no ${COMPONENT_FILE} to answer them.`,
      ),
    ];
  }
  return manifest.ui === undefined
    ? [warning("nothing_to_run", "$", "The bundle has neither a component nor a user interface.")]
    : [];
}

function missing(
  code: InspectionWarningCode,
  path: string,
  file: string | undefined,
  has: (path: string) => boolean,
): InspectionWarning[] {
  return file === undefined || has(file)
    ? []
    : [warning(code, path, `The manifest names ${printable(file)}, which is not in the bundle.`)];
}

function warning(code: InspectionWarningCode, path: string, message: string): InspectionWarning {
  return { code, message, file: MANIFEST_FILE, path };
}
