/**
 * `npm run bench [-- NAME… ] [--json]`: every bench in turn, each in a process of its own, with the load of the machine
 * beside it: a figure taken on a busy machine is worth its ratio and no more. With `--json`, one document of all of them.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";

/** In the order in which a bundle meets what they measure. Soak and kills run for minutes and are asked for by name. */
const BENCHES = [
  "spine",
  "loop",
  "runner",
  "metering",
  "gateway",
  "policy",
  "record",
  "stream",
  "window",
] as const;
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

const asked = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));
const isJson = process.argv.includes("--json");
const unknown = asked.filter((name) => !existsSync(fileOf(name)));
if (unknown.length > 0) {
  process.stderr.write(`There is no bench named ${unknown.join(", ")}; there are ${BENCHES.join(", ")}.\n`);
  process.exit(2);
}
const results: Record<string, unknown> = {};
let failed = 0;
for (const name of asked.length > 0 ? asked : BENCHES) {
  const load = loadavg()[0] ?? 0;
  process.stderr.write(`\n${name} (load ${load.toFixed(1)} on ${cpus().length} cores)\n`);
  const ran = spawnSync(process.execPath, [fileOf(name), ...(isJson ? ["--json"] : [])], {
    stdio: ["ignore", isJson ? "pipe" : "inherit", "inherit"],
    encoding: "utf8",
    maxBuffer: MAX_OUTPUT_BYTES,
  });
  if (ran.status !== 0) {
    failed += 1;
    process.stderr.write(`${name} failed (exit ${ran.status ?? ran.signal}).\n`);
  }
  if (isJson) results[name] = { load, exit: ran.status, result: documentOf(ran.stdout) };
}
if (isJson)
  process.stdout.write(`${JSON.stringify({ node: process.version, cpu: cpus()[0]?.model, results })}\n`);
process.exitCode = failed > 0 ? 1 : 0;

function fileOf(name: string): string {
  return join(import.meta.dirname, `${name}.ts`);
}

/** The last line is the document; what a bench prints before it is for a reader. */
function documentOf(output: string): unknown {
  const last = output.trimEnd().split("\n").at(-1) ?? "";
  try {
    return JSON.parse(last);
  } catch {
    return undefined;
  }
}
