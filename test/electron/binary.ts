import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** Electron's executable, when its installer has fetched it; asking the package itself would start a download. */
export function electronBinary(): string | undefined {
  const folder = dirname(createRequire(import.meta.url).resolve("electron/package.json"));
  const named = join(folder, "path.txt");
  if (!existsSync(named)) return undefined;
  const binary = join(folder, "dist", readFileSync(named, "utf8").trim());
  return existsSync(binary) ? binary : undefined;
}

/** Set where the binary can be had: a missing one is then a failure and not a skip. */
export const isElectronRequired = process.env.WORKBENCH_REQUIRE_ELECTRON === "1";
