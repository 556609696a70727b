// `npm start`: the desktop app where Electron's binary is there or can be fetched, else the same workbench in the browser.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { ensureInstalled, root, runNode24, runNode24UntilEnd } from "./bootstrap.mjs";

ensureInstalled();
const build = runNode24([join(root, "scripts", "build.ts"), "--if-stale"], { stdio: ["ignore", 2, 2] });
if (build !== 0) process.exit(build);

const headless = process.platform === "linux" && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY;
const passed = process.argv.slice(2);
if (passed.includes("--browser")) {
  await serve("asked for with --browser");
} else if (headless) {
  await serve("there is no display");
} else {
  const binary = electronBinary();
  if (binary) process.exitCode = runElectron(binary);
  else await serve("Electron's binary is not here and could not be fetched");
}

async function serve(reason) {
  process.stderr.write(`Starting the workbench in the browser: ${reason}.\n`);
  process.exitCode = await runNode24UntilEnd([
    join(root, "core", "cli", "main.ts"),
    "serve",
    ...(headless ? [] : ["--open"]),
    ...passed.filter((argument) => argument !== "--browser"),
  ]);
}

function runElectron(binary) {
  const result = spawnSync(binary, [join(root, "dist", "electron", "main.js"), ...passed], {
    cwd: root,
    stdio: "inherit",
  });
  return result.status ?? 1;
}

/** The binary that the `electron` package has, fetched by its own installer when it has none. Tried once. */
function electronBinary() {
  const found = locate();
  if (found) return found;
  const installer = join(root, "node_modules", "electron", "install.js");
  if (!existsSync(installer)) return undefined;
  process.stderr.write("Fetching Electron (once)…\n");
  runNode24([installer], { stdio: ["ignore", 2, 2], timeout: 300_000 });
  return locate();
}

function locate() {
  const folder = join(root, "node_modules", "electron", "dist");
  const names = {
    darwin: join("Electron.app", "Contents", "MacOS", "Electron"),
    win32: "electron.exe",
  };
  const binary = join(folder, names[process.platform] ?? "electron");
  return existsSync(binary) ? binary : undefined;
}
