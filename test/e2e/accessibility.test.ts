import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunningHost } from "../../core/host-process.ts";
import { uiBundle } from "../host/window-workbench.ts";
import { suiteFolder } from "../support/temp.ts";
import { seriousFindings } from "./axe.ts";
import { launchChromium, missingChromium } from "./chromium.ts";
import { unreachable, walk } from "./keyboard-reach.ts";
import { EXTENSION_NAME, installExtension, startPageHost } from "./page-host.ts";
import { runCommand, SHOWN_SCREENS, VISITS } from "./screen-visits.ts";

const images = join(import.meta.dirname, "..", "..", "docs", "images");
/** `npm run screenshots` writes the pictures of the documentation while it visits. */
const writesImages = process.env.WORKBENCH_SCREENSHOTS === "1";
const MAX_TABS = 200;

describe.skipIf(missingChromium !== undefined)(
  `every screen in both themes${missingChromium ? ` (skipped: ${missingChromium})` : ""}`,
  () => {
    const folder = suiteFolder();
    let browser: Browser;
    let host: RunningHost;
    let page: Page;

    beforeAll(async () => {
      host = await startPageHost(join(folder, "home"));
      await installExtension(host);
      await host.project.create({ dir: join(folder, "board"), name: "com.acme.board", template: "full" });
      await callExtensions();
      browser = await launchChromium();
      page = await browser.newPage({
        viewport: { width: 1440, height: 900 },
        colorScheme: "light",
        // A colour that is fading in would be judged half way.
        reducedMotion: "reduce",
      });
      await page.goto(host.windowUrl);
      await page.getByRole("contentinfo").getByText("runner ready").waitFor();
      // The log is on its own screen too, and every screen is judged with the room that it has without it.
      await page.getByRole("button", { name: "Hide the panel" }).click();
      await page.getByRole("button", { name: /^Hide this/ }).click();
    });

    afterAll(async () => {
      await browser?.close();
      await host?.stop();
    });

    /** Answers, a refusal and lines of the log, so that screens show what they are for. */
    async function callExtensions(): Promise<void> {
      const tenantId = host.workbench.tenantId(undefined);
      const paths: [string, string][] = [
        ["com.example.handover-notes", "/status"],
        ["com.example.handover-notes", "/items"],
        [EXTENSION_NAME, "/items"],
        [EXTENSION_NAME, "/elsewhere"],
        [EXTENSION_NAME, "/items/7"],
      ];
      for (const [ref, path] of paths)
        await host.workbench.call({ tenantId, ref, method: "GET", path, headers: [] });
    }

    /** What is published and not yet installed is asked about. */
    async function publishFresh(): Promise<void> {
      const { workbench, developmentKey } = host;
      const archive = await uiBundle({ name: "com.acme.fresh" });
      const { signature } = await workbench.sign(archive, developmentKey.id);
      await workbench.registry.publish({ archive, signature, tenantId: workbench.tenantId(undefined) });
      // As the loop and a command do it: the window hears of it by itself or is told to look.
      await runCommand(page, "Load everything from the host again");
    }

    /** The page follows the system's theme, as it does when nobody has chosen one. */
    async function judge(name?: string): Promise<string[]> {
      const findings: string[] = [];
      await page.mouse.move(0, 0);
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme });
        await page.locator(`html[data-mantine-color-scheme="${colorScheme}"]`).waitFor();
        const found = await seriousFindings(page, colorScheme === "light" ? "all" : "colours");
        findings.push(...found.map((line) => `${colorScheme}: ${line}`));
        if (writesImages && name !== undefined) {
          mkdirSync(images, { recursive: true });
          await page.screenshot({ path: join(images, `${name}-${colorScheme}.png`), animations: "disabled" });
        }
      }
      return findings;
    }

    it.each(SHOWN_SCREENS)("%s has no serious finding, and keys lead to all of it", async (id) => {
      await VISITS[id](page);
      expect(await judge(id)).toEqual([]);
      expect(await unreachable(page)).toEqual([]);
      // Panes scroll; the page with its bars does not, whatever is hidden for screen readers far down in them.
      expect(await page.evaluate("document.documentElement.scrollHeight - window.innerHeight")).toBe(0);
    });

    it("the panel below the screens has none either", async () => {
      await page.keyboard.press("Control+J");
      for (const name of ["Problems", "Build output", "Logs"]) {
        await page.getByRole("tab", { name, exact: true }).click();
        expect(await judge()).toEqual([]);
      }
      await page.keyboard.press("Control+J");
    });

    it("dialogs and forms have none either", async () => {
      await VISITS.project(page);
      await runCommand(page, "Create a project from a template…");
      await page.getByRole("dialog").getByLabel("Folder").waitFor();
      expect(await judge()).toEqual([]);
      await page.keyboard.press("Escape");
      await page.getByRole("dialog").waitFor({ state: "detached" });

      await VISITS.keys(page);
      await page.getByRole("button", { name: "Generate…" }).click();
      await page.getByRole("form", { name: /generate/i }).waitFor();
      expect(await judge()).toEqual([]);

      await VISITS.registry(page);
      await page.getByRole("tab", { name: "Grants" }).click();
      await page.getByRole("group", { name: /asks to/ }).waitFor();
      expect(await judge()).toEqual([]);

      await page.keyboard.press("Control+K");
      await page.getByRole("combobox", { name: /^Search/ }).fill("items");
      await page.getByRole("option").first().waitFor();
      expect(await judge()).toEqual([]);
      await page.keyboard.press("Escape");

      await publishFresh();
      await page
        .getByRole("button", { name: /com\.acme\.fresh/ })
        .first()
        .click();
      await page.getByRole("tab", { name: "Install", exact: true }).click();
      await page.getByRole("button", { name: "Grant and install" }).waitFor();
      await page.getByRole("group", { name: /asks to/ }).waitFor();
      expect(await judge()).toEqual([]);

      await VISITS.requests(page);
      await page.getByRole("button", { name: "Open reproduction…" }).click();
      await page.getByRole("form", { name: "Open a reproduction file" }).waitFor();
      expect(await judge()).toEqual([]);

      await VISITS.executions(page);
      await page.getByLabel("Time", { exact: true }).selectOption("range");
      await page.getByLabel("until").waitFor();
      expect(await judge()).toEqual([]);
    });

    it("a request is sent and its execution opened by keyboard alone", async () => {
      await runCommand(page, "Go to Welcome");
      const requests = page
        .getByRole("navigation", { name: "Screens" })
        .getByRole("button", { name: "Requests" });
      await tabTo(requests);
      await page.keyboard.press("Enter");
      const sample = page
        .getByRole("list", { name: "Installed extensions" })
        .getByRole("button", { name: /Handover notes/ });
      await sample.waitFor();
      await tabTo(sample);
      await page.keyboard.press("Enter");
      await tabTo(page.getByLabel("Path"));
      await page.keyboard.press("Control+A");
      await page.keyboard.type("/items?by=keyboard");
      await tabTo(page.getByRole("button", { name: "Send", exact: true }));
      await page.keyboard.press("Enter");
      // The answer and no more to come: what is drawn anew under the focus would take it away.
      const sent = page.getByText("GET /items?by=keyboard", { exact: true });
      await sent.filter({ visible: true }).first().waitFor();
      await page.getByRole("button", { name: "Cancel" }).waitFor({ state: "detached" });

      const { stops, unseen } = await walk(page);
      expect(stops.length).toBeGreaterThan(20);
      expect(unseen).toEqual([]);

      await runCommand(page, "Go to Executions");
      const row = page
        .getByRole("region", { name: "List of executions" })
        .getByRole("button", { name: /GET \/items/ })
        .first();
      await row.waitFor();
      await tabTo(row);
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { name: "GET /items" }).waitFor();
    });

    it("the editor is left by keyboard, as its documentation says", async () => {
      await VISITS.project(page);
      await page.locator(".monaco-editor .view-line").first().click();
      await page.keyboard.press("Control+M");
      await page.keyboard.press("Tab");
      await expect
        .poll(() => page.evaluate("document.activeElement?.closest('.monaco-editor') === null"))
        .toBe(true);
      await page.keyboard.press("Shift+Tab");
      await page.keyboard.press("Control+M");
    });

    async function tabTo(target: Locator): Promise<void> {
      for (let step = 0; step < MAX_TABS; step += 1) {
        if (await target.evaluate((element) => element.matches(":focus"))) return;
        await page.keyboard.press("Tab");
      }
      throw new Error(`Tab did not lead to ${target}`);
    }
  },
);
