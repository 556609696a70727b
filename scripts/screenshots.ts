/** Takes the pictures of `docs/images` again: the suite that judges every screen visits them all in both themes. */
import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";

const root = dirname(import.meta.dirname);
const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
const { status } = spawnSync(process.execPath, [vitest, "run", "test/e2e/accessibility.test.ts"], {
  cwd: root,
  env: { ...process.env, WORKBENCH_SCREENSHOTS: "1" },
  stdio: "inherit",
});
process.exitCode = status ?? 1;
