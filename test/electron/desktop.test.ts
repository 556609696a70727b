import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { _electron, type ElectronApplication, type Page } from "playwright-core";
import { describe, expect, it, onTestFinished } from "vitest";
import { tempFolder } from "../support/temp.ts";
import { electronBinary, isElectronRequired } from "./binary.ts";

const root = dirname(dirname(import.meta.dirname));
const main = join(root, "dist", "electron", "main.js");
const binary = electronBinary();
const missing =
  binary === undefined
    ? "Electron's binary is not installed: node node_modules/electron/install.js"
    : existsSync(main)
      ? undefined
      : "the app is not built: npm run build";

it.runIf(isElectronRequired)("has what the desktop app's tests need", () => {
  expect(missing).toBeUndefined();
});

async function launch(home: string): Promise<{ app: ElectronApplication; page: Page }> {
  const app = await _electron.launch({
    ...(binary === undefined ? {} : { executablePath: binary }),
    args: [main],
    cwd: root,
    env: { ...definedEnvironment(), WORKBENCH_HOME: home },
  });
  onTestFinished(() => app.close());
  return { app, page: await app.firstWindow() };
}

function definedEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (value ? [[name, value]] : [])),
  );
}

describe.skipIf(missing !== undefined)(`the desktop app${missing ? ` (skipped: ${missing})` : ""}`, () => {
  it("opens on the host's page, connected, with the sample installed", async () => {
    const { page } = await launch(tempFolder());
    await page.getByText("connected to").waitFor();
    await page.getByRole("list", { name: "Installed extensions" }).getByRole("button").first().waitFor();
    expect(new URL(page.url()).hostname).toBe("127.0.0.1");
    expect(page.url()).not.toContain("token");
  });

  it("gives the page the host's address, folders and links, and nothing else of the shell", async () => {
    const { page } = await launch(tempFolder());
    await page.getByText("connected to").waitFor();
    const reach = await page.evaluate(() => ({
      bridge: Object.keys(Reflect.get(globalThis, "workbench")),
      node: ["require", "process", "module", "Buffer", "electron"].filter((name) => name in globalThis),
    }));
    expect(reach).toEqual({ bridge: ["host", "pickFolder", "nextLink"], node: [] });
  });

  it("leaves its origin neither by navigation nor by a new window", async () => {
    const { app, page } = await launch(tempFolder());
    await page.getByText("connected to").waitFor();
    const before = page.url();
    const opened = await page.evaluate(() => {
      Reflect.get(globalThis, "location").assign("data:text/html,elsewhere");
      return Reflect.get(globalThis, "open")("about:blank") === null;
    });
    expect(opened).toBe(true);
    expect(page.url()).toBe(before);
    expect(app.windows()).toHaveLength(1);
  });

  it("runs once a home: the second one quits and leaves the first its window", async () => {
    const home = tempFolder();
    const { app } = await launch(home);
    const second = await _electron
      .launch({
        ...(binary === undefined ? {} : { executablePath: binary }),
        args: [main],
        cwd: root,
        env: { ...definedEnvironment(), WORKBENCH_HOME: home },
      })
      .catch(() => undefined);
    await second?.waitForEvent("close").catch(() => undefined);
    expect(app.windows()).toHaveLength(1);
  });
});
