import { join } from "node:path";

const OUTPUT_FOLDER = "dist";
const BUNDLE_FILE = "bundle.tar.zst";

/** Where `pack` puts a project's bundle, and where `publish` looks for it. */
export function defaultBundlePath(projectDir: string): string {
  return join(projectDir, OUTPUT_FOLDER, BUNDLE_FILE);
}
