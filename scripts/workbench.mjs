#!/usr/bin/env node
// `workbench` for any Node 20 or later: installs what is missing, then hands over to the command line under Node 24.
import { ensureInstalled, runNode24, root } from "./bootstrap.mjs";
import { join } from "node:path";

ensureInstalled();
process.exitCode = runNode24([join(root, "core", "cli", "main.ts"), ...process.argv.slice(2)], { cwd: process.cwd() });
