import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { startCli } from "../support/cli-process.ts";
import { suiteFolder } from "../support/temp.ts";
import { launchChromium, missingChromium } from "./chromium.ts";
import { EXTENSION_NAME, installExtension, startPageHost } from "./page-host.ts";
import { openScreen } from "./window-page.ts";

const readyLine = z.object({ url: z.string(), token: z.string() });
const PATIENCE = { timeout: 30_000 };
const missingPrlimit =
  spawnSync("prlimit", ["--version"]).status === 0
    ? undefined
    : "there is no prlimit, which makes a process meet a full disk";

describe.skipIf(missingChromium !== undefined)(
  `what fails around a page${missingChromium ? ` (skipped: ${missingChromium})` : ""}`,
  () => {
    const folder = suiteFolder();
    let browser: Browser;

    beforeAll(async () => {
      browser = await launchChromium();
    });

    afterAll(() => browser?.close());

    it("a runner killed in the middle of a call is named, and the next call works", async () => {
      const host = await startPageHost(join(folder, "runner"));
      onTestFinished(() => host.stop());
      await installExtension(host);
      const { page } = await openScreen(browser, host.windowUrl, "Requests");
      onTestFinished(() => page.context().close());
      await page
        .getByRole("list", { name: "Installed extensions" })
        .getByRole("button", { name: /Page test/ })
        .click();
      const send = page.getByRole("button", { name: "Send", exact: true });
      await page.getByLabel("Path").fill("/slow");
      await send.click();
      const running = () => host.workbench.executions.list({ outcome: "running" }).items.length;
      await expect.poll(running, PATIENCE).toBe(1);
      const { pid } = await host.workbench.runner.status();
      if (pid === undefined) throw new Error("The runner has no process.");
      process.kill(pid, "SIGKILL");
      await page.getByText("runner_unavailable").first().waitFor(PATIENCE);
      expect(await page.getByLabel("Path").inputValue()).toBe("/slow");

      await page.getByRole("contentinfo").getByText("runner ready").waitFor(PATIENCE);
      await page.getByLabel("Path").fill("/items");
      await send.click();
      await page.getByRole("region", { name: "Body text" }).getByText("42").waitFor(PATIENCE);
      expect(
        host.workbench.executions.list({ extension: EXTENSION_NAME }).items.map(({ status }) => status),
      ).toEqual([200, 502]);
    });

    it.skipIf(missingPrlimit !== undefined)(
      `a full disk is said, and what was typed stays until there is room again${missingPrlimit ? ` (skipped: ${missingPrlimit})` : ""}`,
      async () => {
        const dir = join(folder, "board");
        const serve = startCli(["serve", "--home", join(folder, "full"), "--json", "--port", "0"]);
        const { url, token } = readyLine.parse(JSON.parse(await serve.answer()));
        const limitFiles = (bytes: string) =>
          expect(spawnSync("prlimit", [`--pid=${serve.pid}`, `--fsize=${bytes}:unlimited`]).status).toBe(0);

        const { page } = await openScreen(browser, `${url}/?token=${token}`, "Project");
        onTestFinished(() => page.context().close());
        await page.getByRole("button", { name: "Create from a template…" }).click();
        await page.getByLabel("Name").fill("com.acme.board");
        await page.getByLabel("Folder").fill(dir);
        await page.getByRole("button", { name: "Create", exact: true }).click();
        await page.getByRole("treeitem", { name: "handler.ts", exact: true }).click(PATIENCE);
        await page.locator(".view-line").filter({ hasText: "import" }).first().click(PATIENCE);
        await page.keyboard.press("Control+Home");
        await page.keyboard.insertText("// typed before the disk was full\n");

        limitFiles("1");
        await page.keyboard.press("Control+s");
        await page.getByRole("alert").getByText("disk_full").waitFor(PATIENCE);
        await page.locator(".view-line").getByText("// typed before the disk was full").waitFor();
        const handler = () => readFileSync(join(dir, "src", "handler.ts"), "utf8");
        expect(handler()).not.toContain("typed before");

        limitFiles("unlimited");
        await page.locator(".view-line").first().click();
        await page.keyboard.press("Control+s");
        await expect.poll(handler, PATIENCE).toMatch(/^\/\/ typed before the disk was full\n/);
        serve.kill("SIGTERM");
        await serve.ended();
      },
    );
  },
);
