import { spawnSync } from "node:child_process";
import { join } from "node:path";

/** Before any suite: builds the page that the browser suites open, once and only when its sources have changed. */
export function setup(): void {
  const root = join(import.meta.dirname, "..", "..");
  const built = spawnSync(process.execPath, [join(root, "scripts", "build.ts"), "--if-stale"], {
    cwd: root,
    stdio: ["ignore", "ignore", "inherit"],
  });
  if (built.status !== 0) throw new Error(`the page could not be built (exit ${built.status})`);
}
