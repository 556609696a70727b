import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import type { RunningHost } from "../../core/host-process.ts";
import { launchChromium, missingChromium } from "./chromium.ts";
import { startPageHost } from "./page-host.ts";

describe.skipIf(missingChromium !== undefined)(
  `the project in a real browser${missingChromium ? ` (skipped: ${missingChromium})` : ""}`,
  () => {
    const home = mkdtempSync(join(tmpdir(), "workbench-project-"));
    let browser: Browser;
    let host: RunningHost;
    let dir = "";
    let made = 0;

    beforeAll(async () => {
      host = await startPageHost(join(home, "home"));
      browser = await launchChromium();
    });

    afterAll(async () => {
      await browser?.close();
      await host?.stop();
      rmSync(home, { recursive: true, force: true, maxRetries: 3 });
    });

    beforeEach(async () => {
      made += 1;
      dir = join(home, `project-${made}`);
      await host.project.create({ dir, name: `com.acme.page${made}`, template: "full" });
    });

    async function open(context?: BrowserContext): Promise<{ page: Page; complaints: string[] }> {
      const own = context ?? (await browser.newContext({ viewport: { width: 1440, height: 900 } }));
      if (context === undefined) onTestFinished(() => own.close());
      const page = await own.newPage();
      const complaints: string[] = [];
      page.on("console", (message) => {
        if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
      });
      page.on("pageerror", (error) => complaints.push(error.message));
      await page.goto(host.windowUrl);
      await page.getByRole("navigation").getByText("Project", { exact: true }).click();
      return { page, complaints };
    }

    const file = (page: Page, name: string) => page.getByRole("treeitem", { name, exact: true });
    const tab = (page: Page, name: string) =>
      page.getByRole("list", { name: "Open files" }).getByRole("button", { name }).first();

    /** Types at the beginning of the handler; the editor is there when its text is. */
    async function typeIntoHandler(page: Page, text: string): Promise<void> {
      await file(page, "handler.ts").click();
      await page.locator(".monaco-editor .view-line").filter({ hasText: "const NAMESPACE" }).first().click();
      await page.keyboard.press("Control+Home");
      await page.keyboard.insertText(text);
    }
    const handler = () => readFileSync(join(dir, "src", "handler.ts"), "utf8");

    it("creates one from a template, edits it and saves it by keyboard", async () => {
      await host.project.close();
      const { page, complaints } = await open();
      await page.getByRole("button", { name: "Create from a template…" }).click();
      dir = join(home, "typed");
      await page.getByLabel("Name").fill("com.acme.typed");
      await page.getByLabel("Folder").fill(dir);
      await page.getByRole("button", { name: "Create", exact: true }).click();
      await typeIntoHandler(page, "// typed in the page\n");
      await tab(page, "handler.ts").getByRole("img", { name: "not saved" }).waitFor();
      await page.keyboard.press("Control+s");
      await vi.waitFor(() => expect(handler()).toMatch(/^\/\/ typed in the page\n/));
      await tab(page, "handler.ts").getByRole("img", { name: "not saved" }).waitFor({ state: "detached" });
      expect(complaints).toEqual([]);
    });

    it("finds a broken type and a broken manifest, and goes to their lines", async () => {
      const { page } = await open();
      await typeIntoHandler(page, '\nconst broken: number = "x";\n');
      await page.keyboard.press("Control+s");
      const manifest = readFileSync(join(dir, "manifest.json"), "utf8");
      await page.getByRole("tab", { name: /Problems/ }).click();
      const problems = page.getByRole("list", { name: "Problems" });
      await problems.getByText("src/handler.ts:2:7").waitFor();
      writeFileSync(join(dir, "manifest.json"), manifest.replace("wasm-js@1", "wasm-js@9"));
      await problems.getByText("manifest.json:5:").click();
      await page
        .getByRole("list", { name: "Open files" })
        .locator('[aria-current="true"]', { hasText: "manifest" })
        .waitFor();
      // Typing goes to the line that the problem is at.
      await page.keyboard.press("End");
      await page.keyboard.insertText(" ");
      await page.keyboard.press("Control+s");
      await vi.waitFor(() =>
        expect(readFileSync(join(dir, "manifest.json"), "utf8").split("\n")[4]).toBe(
          '  "runtime": "wasm-js@9", ',
        ),
      );
    });

    it("knows the host's types and the manifest's schema while one types", async () => {
      const { page } = await open();
      await typeIntoHandler(page, "");
      // Gone once the declarations are there: the import resolves and nothing is implicitly any.
      await page.locator(".squiggly-error").first().waitFor({ state: "detached", timeout: 20_000 });
      await page.keyboard.insertText('import { get } from "alga:extension/storage";\nget(1);\n');
      await page.locator(".squiggly-error").first().waitFor({ timeout: 20_000 });
      await file(page, "manifest.json").click();
      await page.locator(".monaco-editor .view-line").filter({ hasText: "capabilities" }).first().click();
      await page.keyboard.press("End");
      await page.keyboard.insertText("\n");
      await page.keyboard.press("Control+Space");
      await page.locator(".suggest-widget").getByText("publisher").first().waitFor();
    });

    it("keeps what was typed when the file is changed outside, and overwrites only when told to", async () => {
      const { page } = await open();
      await typeIntoHandler(page, "// mine\n");
      writeFileSync(join(dir, "src", "handler.ts"), `// theirs\n${handler()}`);
      await page.getByRole("alert").getByText("was changed outside; what you typed is kept here.").waitFor();
      await page.keyboard.press("Control+s");
      await page.getByRole("button", { name: "Compare" }).click();
      await page.locator(".monaco-diff-editor").getByText("// theirs").first().waitFor();
      expect(handler()).toMatch(/^\/\/ theirs\n/);
      await page.getByRole("button", { name: "Keep mine" }).click();
      await page.keyboard.press("Control+s");
      await vi.waitFor(() => expect(handler()).toMatch(/^\/\/ mine\n/));
    });

    it("has the draft again in a page that was gone without a word", async () => {
      const context = await browser.newContext({ viewport: { width: 1024, height: 700 } });
      onTestFinished(() => context.close());
      const before = await open(context);
      await typeIntoHandler(before.page, "// a draft\n");
      await before.page.getByText("1 unsaved").waitFor();
      // Kept soon after the last key; the browser's database says when.
      await vi.waitFor(async () => expect(await before.page.evaluate(DRAFTS)).toBe(1));
      await before.page.close({ runBeforeUnload: false });
      const { page } = await open(context);
      await page.locator(".view-line").getByText("// a draft").waitFor();
      expect(handler()).not.toContain("a draft");
    });

    it("asks before it closes a file with unsaved text", async () => {
      const { page } = await open();
      await typeIntoHandler(page, "// unsaved\n");
      await page.getByRole("button", { name: "Close src/handler.ts" }).click();
      const dialog = page.getByRole("dialog", { name: "There are unsaved changes" });
      await dialog.getByRole("button", { name: "Go back" }).click();
      await page.locator(".view-line").getByText("// unsaved").waitFor();
      await page.getByRole("button", { name: "Close src/handler.ts" }).click();
      await dialog.getByRole("button", { name: "Save and close" }).click();
      await vi.waitFor(() => expect(handler()).toMatch(/^\/\/ unsaved\n/));
      await tab(page, "handler.ts").waitFor({ state: "detached" });
    });

    it("offers a manifest to a folder that is no project", async () => {
      await host.project.close();
      const plain = join(home, "plain");
      mkdirSync(plain, { recursive: true });
      const { page } = await open();
      await page.getByRole("button", { name: "Open a folder…" }).click();
      await page.getByRole("textbox", { name: "Folder" }).fill(plain);
      await page.getByRole("button", { name: "Open", exact: true }).last().click();
      await page.getByText("manifest_missing").waitFor();
      await page.getByRole("button", { name: "Write a manifest here…" }).click();
      await page.getByLabel("Name").fill("com.acme.plain");
      await page.getByRole("button", { name: "Write manifest.json" }).click();
      await file(page, "manifest.json").waitFor();
      expect(JSON.parse(readFileSync(join(plain, "manifest.json"), "utf8"))).toMatchObject({
        name: "com.acme.plain",
      });
    });

    it("says why a file cannot be opened", async () => {
      writeFileSync(join(dir, "data.bin"), Uint8Array.of(0, 1, 2));
      const { page } = await open();
      await file(page, "data.bin").click();
      await page.getByRole("alert").getByText("file_not_text").waitFor();
    });
  },
);

/** How many drafts the page's own database has; text, because it runs in the page. */
const DRAFTS = `new Promise((resolve, reject) => {
  const opening = indexedDB.open("workbench");
  opening.onerror = () => reject(opening.error);
  opening.onsuccess = () => {
    const counting = opening.result.transaction("tab-drafts").objectStore("tab-drafts").count();
    counting.onsuccess = () => { opening.result.close(); resolve(counting.result); };
    counting.onerror = () => reject(counting.error);
  };
})`;
