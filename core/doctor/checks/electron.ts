import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Check } from "../check.ts";

export const electronCheck: Check = {
  name: "electron",
  async run() {
    if (process.versions.electron)
      return { status: "pass", detail: `running in Electron ${process.versions.electron}` };
    return existsSync(join(packageFolder() ?? "", "dist"))
      ? { status: "pass", detail: "binary found" }
      : {
          status: "warn",
          detail: "its binary is not here (optional: the same workbench opens in the browser)",
          fix: "Run: npx electron --version (it fetches the binary once).",
        };
  },
};

function packageFolder(): string | undefined {
  try {
    return dirname(fileURLToPath(import.meta.resolve("electron/package.json")));
  } catch {
    return undefined;
  }
}
