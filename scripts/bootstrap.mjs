// Runs under whatever Node the machine has (20 or later), before anything is installed: plain JavaScript, no packages.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stamp = join(root, "node_modules", ".cache", "workbench", "installed-lock");
/** Node 24 from the npm package `node`: the product's runtime wherever the machine has an older one. */
export const node24 = join(
  root,
  "node_modules",
  "node",
  "bin",
  process.platform === "win32" ? "node.exe" : "node",
);

/** Installs what the lock file says, once per lock file; prints to standard error only. */
export function ensureInstalled() {
  const lock = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === lock && works(node24)) return;
  if (existsSync(join(root, "node_modules", ".package-lock.json")) && works(node24) && inStep()) {
    writeStamp(lock);
    return;
  }
  process.stderr.write("Installing packages (npm ci)…\n");
  npm(["ci", "--no-audit", "--no-fund"]);
  // npm may hold back install scripts; the `node` package fetches its binary in one.
  if (!works(node24)) npm(["rebuild", "node", "--foreground-scripts"]);
  if (!works(node24)) {
    fail(
      "The npm package `node` could not fetch Node 24. Check the network or npm's registry setting, then run the command again.",
    );
  }
  writeStamp(lock);
}

/** Runs a program of ours under Node 24 with the project's binaries first on the PATH; answers its exit code. */
export function runNode24(args, options = {}) {
  const result = spawnSync(node24, args, {
    cwd: root,
    stdio: "inherit",
    ...options,
    env: { ...node24Environment(), ...options.env },
  });
  if (result.error) fail(`Node 24 did not start: ${result.error.message}`);
  return result.status ?? 1;
}

/** The same for what runs until it is told to stop: passes on the signals that reach only this process. */
export function runNode24UntilEnd(args, options = {}) {
  const child = spawn(node24, args, { cwd: root, stdio: "inherit", ...options, env: node24Environment() });
  for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  // The terminal sends Ctrl+C to both; this one waits for the other to end cleanly.
  process.on("SIGINT", () => {});
  return new Promise((resolve) => {
    child.on("error", (error) => fail(`Node 24 did not start: ${error.message}`));
    child.on("exit", (code) => resolve(code ?? 1));
  });
}

function node24Environment() {
  const separator = process.platform === "win32" ? ";" : ":";
  return {
    ...process.env,
    PATH: [join(root, "node_modules", ".bin"), process.env.PATH ?? ""].join(separator),
  };
}

/** Whether what is installed is what the lock file names: npm's own record beside the packages. */
function inStep() {
  const wanted = packagesOf(join(root, "package-lock.json"));
  const installed = packagesOf(join(root, "node_modules", ".package-lock.json"));
  return Object.entries(wanted).every(
    ([path, entry]) =>
      path === "" || entry.optional || entry.devOptional || installed[path]?.version === entry.version,
  );
}

function packagesOf(file) {
  return JSON.parse(readFileSync(file, "utf8")).packages ?? {};
}

function works(binary) {
  if (!existsSync(binary)) return false;
  const result = spawnSync(binary, ["--version"], { encoding: "utf8" });
  return result.status === 0 && result.stdout.startsWith("v24.");
}

function npm(args) {
  const command = process.env.npm_execpath ? [process.execPath, process.env.npm_execpath] : ["npm"];
  const [file = "npm", ...first] = command;
  const result = spawnSync(file, [...first, ...args], {
    cwd: root,
    stdio: ["ignore", 2, 2],
    shell: process.platform === "win32" && command.length === 1,
  });
  if (result.status !== 0) fail(`npm ${args.join(" ")} failed (exit ${result.status ?? result.signal}).`);
}

function writeStamp(lock) {
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, lock);
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(4);
}
