/** Where things lie inside a bundle. */
export const MANIFEST_FILE = "manifest.json";
export const COMPONENT_FILE = "dist/main.wasm";
export const UI_FOLDER = "ui/";
export const SPDX_FILE = "sbom.spdx.json";
export const CYCLONEDX_FILE = "sbom.cdx.json";
/** Only the detached one beside the archive counts; one inside was put there by other tools and says nothing. */
export const INNER_SIGNATURE_FILE = "SIGNATURE";

/** What is wrong with a path that a manifest names, as what was expected instead; `undefined` when nothing is. */
export function bundlePathFault(path: string): string | undefined {
  if (/[\p{Cc}\\]/u.test(path)) return "a path with forward slashes and no control characters";
  if (path.startsWith("/") || /^[a-zA-Z]:/.test(path)) return "a path relative to the bundle";
  const segments = path.split("/");
  if (segments.some((segment) => segment === "" || segment === "." || segment === "..")) {
    return 'a path without empty, "." or ".." segments';
  }
  return undefined;
}
