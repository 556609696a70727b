#!/usr/bin/env node
import process from "node:process";
import { run } from "./run.ts";

// npm runs scripts in the package's folder; relative paths, in variables too, mean the folder in which the user typed.
const { npm_lifecycle_event: script, INIT_CWD: typedIn } = process.env;
if (script === "workbench" && typedIn) process.chdir(typedIn);

const interruption = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => interruption.abort(signal));
// A reader that goes away (`workbench logs | head`) ends the command quietly.
process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));

process.exitCode = await run(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  cwd: process.cwd(),
  env: process.env,
  platform: process.platform,
  interrupted: interruption.signal,
});
