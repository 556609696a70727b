import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type { RunningHost } from "../../core/host-process.ts";
import { suiteFolder } from "../support/temp.ts";
import { launchChromium, missingChromium } from "./chromium.ts";
import { startPageHost } from "./page-host.ts";

describe.skipIf(missingChromium !== undefined)(
  `the frame in a real browser${missingChromium ? ` (skipped: ${missingChromium})` : ""}`,
  () => {
    const home = suiteFolder();
    let browser: Browser;
    let host: RunningHost;

    beforeAll(async () => {
      host = await startPageHost(home);
      browser = await launchChromium();
    });

    afterAll(async () => {
      await browser?.close();
      await host?.stop();
    });

    /** A browser of its own on the page; `complaints` are errors of the console, violations of the policy included. */
    async function open(options: BrowserContextOptions = {}) {
      const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
      onTestFinished(() => context.close());
      const page = await context.newPage();
      const complaints: string[] = [];
      const origins = new Set<string>();
      page.on("console", (message) => {
        if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
      });
      page.on("pageerror", (error) => complaints.push(error.message));
      page.on("request", (request) => origins.add(new URL(request.url()).origin));
      await page.goto(host.windowUrl);
      await page.getByText("connected to").waitFor();
      return { page, complaints, origins };
    }

    const screens = (page: Page) => page.getByRole("navigation", { name: "Screens" });
    const go = (page: Page, name: string) => screens(page).getByRole("button", { name }).click();
    /** A component is compiled on its first call, and the machine may be busy. */
    const PATIENCE = { timeout: 20_000 };
    const shownScreen = (page: Page) => screens(page).locator("[aria-current='page']");
    /** Types into the palette or the search, until the line is the one that Enter runs. */
    async function find(page: Page, query: string, line: string): Promise<void> {
      await page.getByRole("combobox", { name: /^(Search|Run)/ }).fill(query);
      await page.getByRole("option", { name: line, selected: true }).waitFor();
    }

    it("opens on the welcome, and says below what is running, for whom and signed by what", async () => {
      const { page, complaints, origins } = await open();
      await page.getByRole("heading", { name: "See something run" }).waitFor();
      const status = page.getByRole("contentinfo");
      await status.getByText("runner ready").waitFor();
      await status.getByText(`gateway ${new URL(host.url).host}`).waitFor();
      await status.getByText("Dev tenant · Dana Developer").waitFor();
      await status.getByText("signatures: enforced").waitFor();
      await status.getByText(/^key development-key-.* \d+ d$/).waitFor();
      await status.getByText(/sha256:[0-9a-f]{4}…[0-9a-f]{4}/).waitFor();
      expect(complaints).toEqual([]);
      expect([...origins]).toEqual([host.url]);
    });

    it("has the sample running in one click", async () => {
      const { page } = await open();
      await page.getByRole("button", { name: "Call Handover notes" }).click();
      await expect.poll(() => shownScreen(page).textContent(), PATIENCE).toBe("Requests");
      await expect
        .poll(
          () => host.workbench.executions.list({}).items.map(({ path, outcome }) => [path, outcome]),
          PATIENCE,
        )
        .toEqual([["/status", "succeeded"]]);
    });

    it("runs commands from the palette, and shows and copies their command lines", async () => {
      const { page } = await open({
        colorScheme: "dark",
        permissions: ["clipboard-read", "clipboard-write"],
      });
      await page.keyboard.press("Control+Shift+P");
      await find(page, "light theme", "Use the light theme");
      await page.keyboard.press("Enter");
      await page.locator("html[data-mantine-color-scheme='light'][data-theme='light']").waitFor();

      await page.keyboard.press("Control+Shift+P");
      await find(page, "check machine", "Check this machine");
      await page.getByRole("dialog").getByRole("button", { name: "Copy" }).click();
      await page.getByText("Copied").waitFor();
      expect(await page.evaluate("navigator.clipboard.readText()")).toBe("workbench doctor");
    });

    it("finds endpoints, settings, and executions by their request id", async () => {
      const { page } = await open();
      await host.workbench.call({
        tenantId: host.workbench.tenantId(undefined),
        ref: "com.example.handover-notes",
        method: "GET",
        path: "/items",
        headers: [{ name: "x-request-id", value: "find-me-by-this-id" }],
      });
      await page.keyboard.press("Control+K");
      await page.getByRole("combobox", { name: /^Search/ }).fill("find-me-by");
      if (await screens(page).getByRole("button", { name: "Executions" }).isVisible()) {
        await page.getByRole("option", { name: "find-me-by-this-id" }).waitFor();
      }
      await find(page, "zoom size", "Appearance");
      await page.keyboard.press("Enter");
      await expect.poll(() => shownScreen(page).textContent(), PATIENCE).toBe("Settings");
      await page.keyboard.press("Control+K");
      await find(page, "get /items/:id", "GET /items/:id");
      await page.keyboard.press("Enter");
      await expect.poll(() => shownScreen(page).textContent(), PATIENCE).toBe("Requests");
    });

    it("remaps a shortcut, warns of one that is taken, and keeps it through a reload", async () => {
      const { page } = await open();
      await go(page, "Settings");
      const command = "Show or hide the panel below";
      await page.getByRole("button", { name: `Change: ${command}` }).click();
      await page.keyboard.press("Control+K");
      await page
        .getByRole("alert")
        .getByText(/already runs “Search/)
        .waitFor();
      await page.keyboard.press("Control+Shift+Y");
      await page
        .getByRole("table", { name: "Keyboard shortcuts" })
        .getByRole("button", { name: "Save" })
        .click();
      await page.reload();
      const panel = page.getByRole("tablist", { name: "Below the screen" });
      await panel.waitFor();
      await page.keyboard.press("Control+J");
      expect(await panel.isVisible()).toBe(true);
      await page.keyboard.press("Control+Shift+Y");
      await panel.waitFor({ state: "detached" });
    });

    it("resizes its panes by keyboard and remembers their sizes", async () => {
      const { page } = await open();
      const handle = page.getByRole("separator", { name: "Size of the panel below the screen" });
      const before = await handle.boundingBox();
      await handle.focus();
      await page.keyboard.press("ArrowUp");
      await page.keyboard.press("ArrowUp");
      await expect.poll(async () => (await handle.boundingBox())?.y).toBeLessThan((before?.y ?? 0) - 10);
      const after = await handle.boundingBox();
      await page.reload();
      await expect
        .poll(async () => Math.round((await handle.boundingBox())?.y ?? 0))
        .toBe(Math.round(after?.y ?? -1));
    });

    it("zooms, and resets the zoom", async () => {
      const { page } = await open();
      const size = () => page.evaluate("getComputedStyle(document.documentElement).fontSize");
      await page.keyboard.press("Control+=");
      await expect.poll(size).toBe("17.6px");
      await page.keyboard.press("Control+0");
      await expect.poll(size).toBe("16px");
    });

    it("says what is in force, checks the machine, and warns while unsigned bundles are accepted", async () => {
      const { page, complaints } = await open();
      await go(page, "Settings");
      await page.getByRole("cell", { name: "EXT_GATEWAY_TIMEOUT_MS" }).waitFor();
      await page.getByRole("cell", { name: home }).first().waitFor();
      const checks = page.getByRole("table", { name: "Checks of this machine" });
      const nodeCheck = checks.getByRole("row").filter({ has: page.getByText("node", { exact: true }) });
      await nodeCheck.getByText("✓ pass").waitFor();

      const unsigned = page.getByRole("switch", { name: "Accept unsigned bundles for Dev tenant" });
      await unsigned.click({ force: true });
      await page.getByRole("note").getByText("accepts unsigned bundles").waitFor();
      await page.getByRole("contentinfo").getByText("! unsigned allowed").waitFor();
      await unsigned.click({ force: true });
      await page.getByRole("contentinfo").getByText("signatures: enforced").waitFor();
      expect(complaints).toEqual([]);
    });

    it("shows the documents without any network but its own host's", async () => {
      const { page, origins } = await open();
      await page.keyboard.press("F1");
      await page
        .getByRole("navigation", { name: "Documents" })
        .getByRole("button", { name: "Command line" })
        .click();
      await page.getByRole("heading", { name: "Command line", level: 1 }).waitFor();
      await page.getByRole("link", { name: "signing.md" }).first().click();
      await expect
        .poll(() =>
          page.getByRole("navigation", { name: "Documents" }).locator("[aria-current]").textContent(),
        )
        .toBe("Signing");
      expect([...origins]).toEqual([host.url]);
    });

    it("leads through the screens, and can be left", async () => {
      const { page } = await open();
      await page.getByRole("button", { name: "Take the tour" }).click();
      const tour = page.getByRole("region", { name: "Tour" });
      await tour.getByRole("button", { name: "Next" }).click();
      await tour.getByText(/^Tour, 2 of \d+$/).waitFor();
      await tour.getByRole("button", { name: "Skip the tour" }).click();
      await tour.waitFor({ state: "detached" });
    });

    it.each([
      ["light", { width: 1024, height: 700 }, 1],
      ["dark", { width: 720, height: 450 }, 2],
    ] as const)(
      "fits its window in the %s theme at %o, zoomed %i times",
      async (colorScheme, viewport, deviceScaleFactor) => {
        const { page } = await open({ colorScheme, viewport, deviceScaleFactor });
        for (const screen of ["Settings", "Requests"]) {
          await go(page, screen);
          const overflow = await page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth",
          );
          expect(overflow).toBe(0);
        }
      },
    );

    it("a jump within a screen moves the screen and not the frame around it, in the smallest window", async () => {
      const { page } = await open({ viewport: { width: 1024, height: 700 } });
      const frame = () =>
        page.evaluate<number[]>(
          "[...document.querySelectorAll('html, body, #root, .frame, .frame *')].filter((e) => !e.closest('.settings, .help, .monaco-editor') && e.scrollTop > 0).map((e) => e.scrollTop)",
        );
      await go(page, "Settings");
      const title = (name: string) => page.getByRole("heading", { name, exact: true, level: 3 });
      for (const name of ["About", "Appearance", "Environment"]) {
        await page
          .getByRole("navigation", { name: "Settings" })
          .getByRole("button", { name, exact: true })
          .click();
        await expect.poll(() => title(name).evaluate((element) => element.matches(":focus"))).toBe(true);
        expect(await page.getByRole("navigation", { name: "Settings" }).isVisible()).toBe(true);
        expect(await frame()).toEqual([]);
      }
    });
  },
);
