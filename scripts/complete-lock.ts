/**
 * Adds to package-lock.json the optional packages of other platforms that npm left out. npm forgets those that the
 * registry in use did not serve (npm/cli issue 4828), and `npm ci` then refuses the lock file elsewhere. Version and
 * platform follow from the package that names them; their integrity is not known here and npm fills it in where it
 * installs one. Run it after every `npm install` that changed the lock file.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";

const file = join(dirname(import.meta.dirname), "package-lock.json");
const packageSchema = z.looseObject({
  version: z.string().optional(),
  dev: z.boolean().optional(),
  optionalDependencies: z.record(z.string(), z.string()).optional(),
});
const lockSchema = z.looseObject({ packages: z.record(z.string(), packageSchema) });

const OPERATING_SYSTEMS = [
  "android",
  "darwin",
  "freebsd",
  "linux",
  "netbsd",
  "openbsd",
  "openharmony",
  "sunos",
  "win32",
  "aix",
];
const PROCESSORS = [
  "x64",
  "arm64",
  "arm",
  "ia32",
  "riscv64",
  "ppc64",
  "s390x",
  "loong64",
  "mips64el",
  "wasm32",
];

const lock = lockSchema.parse(JSON.parse(readFileSync(file, "utf8")));
const added: string[] = [];
for (const [path, entry] of Object.entries(lock.packages)) {
  for (const [name, range] of Object.entries(entry.optionalDependencies ?? {})) {
    const found = resolve(path, name);
    const version = range.match(/^[\^~]?(\d+\.\d+\.\d+.*)$/)?.[1];
    if (found && (version === undefined || range !== version || found.version === version)) continue;
    const platform = platformOf(name);
    if (version === undefined || platform === undefined) {
      throw new Error(`${name}@${range} is missing from the lock file and is no package of one platform`);
    }
    // At the top where that place is free, else below the package that wants another version.
    const place = found ? `${path}/node_modules/${name}` : `node_modules/${name}`;
    lock.packages[place] = { version, ...(entry.dev ? { dev: true } : {}), optional: true, ...platform };
    added.push(`${place} ${version}`);
  }
}
const sorted = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(file, `${JSON.stringify({ ...lock, packages: sorted }, null, 2)}\n`);
process.stdout.write(
  added.length === 0 ? "The lock file is complete.\n" : `Added ${added.length}:\n${added.join("\n")}\n`,
);

/** Where Node would find the package from there: beside it, or in any folder above. */
function resolve(path: string, name: string): { version?: string | undefined } | undefined {
  for (let from = path; from !== ""; from = from.slice(0, Math.max(0, from.lastIndexOf("/node_modules/")))) {
    const entry = lock.packages[`${from}/node_modules/${name}`];
    if (entry) return entry;
  }
  return lock.packages[`node_modules/${name}`];
}

function platformOf(name: string): { os?: string[]; cpu?: string[]; libc?: string[] } | undefined {
  const words = name.split(/[-/_.]/);
  const os = OPERATING_SYSTEMS.filter((system) => words.includes(system));
  const cpu = PROCESSORS.filter((processor) => words.includes(processor) || words.includes(`${processor}hf`));
  if (words.includes("eabi") || words.includes("gnueabihf") || words.includes("musleabihf"))
    cpu.splice(0, cpu.length, "arm");
  if (os.length === 0 && cpu.length === 0) return undefined;
  const libc = words.some((word) => word.startsWith("musl"))
    ? ["musl"]
    : words.some((word) => word.startsWith("gnu"))
      ? ["glibc"]
      : [];
  return {
    ...(cpu.length > 0 ? { cpu } : {}),
    ...(libc.length > 0 ? { libc } : {}),
    ...(os.length > 0 ? { os } : {}),
  };
}
