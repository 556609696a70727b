// `npm test`: installs what is missing, then runs every suite under Node 24 and sums up in one plain line.
import { join } from "node:path";
import { ensureInstalled, root, runNode24 } from "./bootstrap.mjs";

ensureInstalled();
const build = runNode24([join(root, "scripts", "build.ts"), "--if-stale"], { stdio: ["ignore", 2, 2] });
process.exitCode =
  build !== 0 ? build : runNode24([join(root, "scripts", "run-tests.ts"), ...process.argv.slice(2)]);
