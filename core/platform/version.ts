import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The workbench's own version, from the package.json above the sources or above what was built of them. */
export function workbenchVersion(): string {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    const file = join(folder, "package.json");
    if (existsSync(file)) {
      const { version } = JSON.parse(readFileSync(file, "utf8")) as { version?: string }; // our own package.json
      return version ?? "0.0.0";
    }
    if (folder === dirname(folder)) return "0.0.0";
  }
}
