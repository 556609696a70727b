import { fileURLToPath } from "node:url";

/** The shipped, read-only files of this feature: the world, the templates, the fallback runtime module. */
const RESOURCES = new URL("../../../resources/", import.meta.url);

/** Absolute path of a shipped file or folder. */
export function resourcePath(...segments: readonly string[]): string {
  return fileURLToPath(new URL(segments.join("/"), RESOURCES));
}
