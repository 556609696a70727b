import { fileURLToPath } from "node:url";

/** `resources/` beside `core/`, in the sources as in what the build makes of them. */
const RESOURCES = new URL("../../resources/", import.meta.url);

/** Absolute path of a shipped, read-only file or folder. */
export function resourcePath(...segments: readonly string[]): string {
  return fileURLToPath(new URL(segments.join("/"), RESOURCES));
}
