#!/usr/bin/env node
import { join } from "node:path";
// `workbench` for any Node 20 or later: installs what is missing, then hands over to the command line under Node 24.
import { ensureInstalled, root, runNode24UntilEnd } from "./bootstrap.mjs";

ensureInstalled();
process.exitCode = await runNode24UntilEnd([join(root, "core", "cli", "main.ts"), ...process.argv.slice(2)], {
  cwd: process.cwd(),
});
