/**
 * Builds what cannot run from source: the renderer (Vite) into `dist/renderer`, and the JavaScript of `core` and
 * `electron` with their resources into `dist`, which is what Electron and the installers load.
 * `--if-stale` leaves at once when no source has changed since the last build.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";

const root = dirname(import.meta.dirname);
const dist = join(root, "dist");
const fingerprintFile = join(dist, ".fingerprint");
const SOURCES = [
  "core",
  // Read in the window's help.
  "docs",
  "electron",
  "renderer",
  "resources",
  "package-lock.json",
  "vite.config.ts",
  "tsconfig.json",
  "tsconfig.build.json",
];

const fingerprint = fingerprintOf(SOURCES);
if (
  process.argv.includes("--if-stale") &&
  existsSync(fingerprintFile) &&
  readFileSync(fingerprintFile, "utf8") === fingerprint
) {
  process.exit(0);
}

process.stderr.write("Building the workbench…\n");
rmSync(dist, { recursive: true, force: true });
mkdirSync(dist, { recursive: true });
run("tsc", ["-p", "tsconfig.build.json"]);
// A sandboxed preload is one CommonJS file that requires nothing but Electron.
run("rolldown", [
  "electron/preload.ts",
  "--format",
  "cjs",
  "--platform",
  "node",
  "--external",
  "electron",
  "-o",
  "dist/electron/preload.cjs",
]);
run("vite", ["build", "--logLevel", "warn"]);
cpSync(join(root, "resources"), join(dist, "resources"), { recursive: true });
writeFileSync(fingerprintFile, fingerprint);

function run(tool: string, args: readonly string[]): void {
  const result = spawnSync(tool, args, {
    cwd: root,
    stdio: ["ignore", 2, 2],
    shell: process.platform === "win32",
  });
  if (result.status !== 0) {
    process.stderr.write(
      `${tool} ${args.join(" ")} failed (exit ${result.status ?? result.error?.message ?? result.signal}).\n`,
    );
    process.exit(1);
  }
}

/** Names, sizes and times of every source: cheap, and wrong only towards building once too often. */
function fingerprintOf(places: readonly string[]): string {
  const hash = createHash("sha256").update(process.version);
  const visit = (path: string): void => {
    const absolute = join(root, path);
    if (!existsSync(absolute)) return;
    const stat = statSync(absolute);
    if (!stat.isDirectory()) {
      hash.update(`${path}\0${stat.size}\0${stat.mtimeMs}\n`);
      return;
    }
    for (const name of readdirSync(absolute).sort()) visit(join(path, name));
  };
  for (const place of places) visit(place);
  return hash.digest("hex");
}
