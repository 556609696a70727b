import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { createProject } from "../../core/bundle/index.ts";
import type { DeepLink } from "../../core/contract/deep-link.ts";
import { type Reproduction, reproductionText } from "../../core/contract/reproduction.ts";
import { EXTENSION_NAME } from "./page-host.ts";
import { describePage } from "./page-suite.ts";

/** What the preload of the desktop app puts on the page, answering what the test gives it. */
function bridgeTo(address: { readonly url: string; readonly token: string }): string {
  return `
    const links = [], folders = [];
    let asked;
    window.workbench = {
      host: async () => (${JSON.stringify(address)}),
      pickFolder: async (title) => { window.askedTitle = title; return folders.shift() ?? null; },
      nextLink: () => new Promise((resolve) => links.length > 0 ? resolve(links.shift()) : (asked = resolve)),
    };
    window.choose = (folder) => folders.push(folder);
    window.follow = (link) => asked ? (asked(link), asked = undefined) : links.push(link);
  `;
}

const REPRODUCTION: Reproduction = {
  format: "extension-workbench-reproduction",
  version: 1,
  extension: EXTENSION_NAME,
  extension_version: "0.9.0",
  request: {
    method: "GET",
    path: "/items/7",
    query: "?a=1",
    headers: [{ name: "accept", value: "application/json" }],
  },
  as: { user_type: "client" },
  outcome: { outcome: "failed", status: 502, code: "bad_handler" },
  omitted: [{ part: "headers", reason: "secret" }],
};

describePage(
  "the page inside the desktop app",
  (suite) => {
    const open = (rail: string) => {
      const { url, token } = suite.host;
      return suite.open(rail, { before: bridgeTo({ url, token }) });
    };
    const follow = (page: Page, link: DeepLink) => page.evaluate(`follow(${JSON.stringify(link)})`);
    const choose = (page: Page, folder: string) => page.evaluate(`choose(${JSON.stringify(folder)})`);
    const notice = (page: Page) => page.getByRole("region", { name: "Reproduction", exact: true });
    const executions = () => suite.host.workbench.executions.list({}).items.length;

    it("takes the folder that the platform's dialog answers, and keeps the typed one when that was closed", async () => {
      const dir = join(suite.home, "picked");
      await createProject({ dir, name: "com.acme.picked", template: "handler" });
      const { page, complaints } = await open("Project");
      await page.getByRole("button", { name: "Open a folder…" }).click();
      const folder = page.getByLabel("Folder", { exact: true });
      await folder.fill("~/typed");
      await page.getByRole("button", { name: "Browse…" }).click();
      await expect.poll(() => page.evaluate("askedTitle")).toBe("Open a project");
      expect(await folder.inputValue()).toBe("~/typed");
      await choose(page, dir);
      await page.getByRole("button", { name: "Browse…" }).click();
      await expect.poll(() => folder.inputValue()).toBe(dir);
      expect(suite.host.project.current()).toBeUndefined();
      await page.getByRole("dialog").getByRole("button", { name: "Open", exact: true }).last().click();
      await page.getByRole("treeitem", { name: "manifest.json", exact: true }).waitFor();
      expect(suite.host.project.current()?.dir).toBe(dir);
      expect(complaints).toEqual([]);
    });

    it("shows a linked folder with a warning, and opens it only when it is told to", async () => {
      const dir = join(suite.home, "linked");
      await createProject({ dir, name: "com.acme.linked", template: "handler" });
      const { page } = await open("Logs");
      await follow(page, { kind: "project", path: dir });
      await page.getByText("! A link asked for this folder.").waitFor();
      expect(await page.getByLabel("Folder", { exact: true }).inputValue()).toBe(dir);
      expect(suite.host.project.current()?.dir).not.toBe(dir);
    });

    it("fills a linked reproduction in with a warning, sends nothing, and puts back what was typed", async () => {
      const path = join(suite.home, "call.reproduction.json");
      writeFileSync(path, reproductionText(REPRODUCTION));
      const { page, complaints } = await open("Requests");
      await page.getByLabel("Path").fill("/typed/before");
      const before = executions();
      await follow(page, { kind: "reproduction", path });
      await notice(page).getByText("A link asked for").waitFor();
      await notice(page).getByText("It ended with 502 bad_handler in version 0.9.0.").waitFor();
      await notice(page).getByText("A secret was taken out of the list of headers.").waitFor();
      await notice(page).getByText("recorded with version 0.9.0; 1.0.0 is installed").waitFor();
      await notice(page).getByText(`workbench reproduce ${path}`).waitFor();
      expect(await page.getByLabel("Path").inputValue()).toBe("/items/7?a=1");
      expect(executions()).toBe(before);

      // A reload keeps what was filled in and does not ask for the file again.
      await page.getByLabel("Path").fill("/items/8");
      await page.reload();
      await expect.poll(() => page.getByLabel("Path").inputValue()).toBe("/items/8");

      await follow(page, { kind: "reproduction", path });
      await notice(page).getByRole("button", { name: "Put back what was there" }).click();
      expect(await page.getByLabel("Path").inputValue()).toBe("/items/8");
      expect(executions()).toBe(before);
      expect(complaints).toEqual([]);
    });

    it("refuses a linked file that is none, and says where and what was expected", async () => {
      const path = join(suite.home, "hostile.json");
      writeFileSync(path, JSON.stringify({ ...REPRODUCTION, extension: "../x" }));
      const { page } = await open("Requests");
      await page.getByLabel("Path").fill("/kept");
      await follow(page, { kind: "reproduction", path });
      const alert = page.getByRole("alert");
      await alert.getByText("reproduction_invalid", { exact: true }).waitFor();
      await alert.getByText("$.extension").waitFor();
      expect(await page.getByLabel("Path").inputValue()).toBe("/kept");
    });

    it("saves an execution as a file, which another form takes by the palette or dropped onto it", async () => {
      await suite.host.workbench.call({
        tenantId: suite.host.workbench.tenantId(undefined),
        ref: EXTENSION_NAME,
        method: "GET",
        path: "/items/saved?b=2",
        headers: [],
      });
      const { page, complaints } = await open("Executions");
      await page
        .getByRole("region", { name: "List of executions" })
        .getByRole("button", { name: /\/items\/saved/ })
        .click();
      const [file] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("button", { name: "Save reproduction" }).click(),
      ]);
      await page.getByText("✓ Saved as").waitFor();
      expect(file.suggestedFilename()).toBe(`${EXTENSION_NAME}-get-items-saved.reproduction.json`);
      const text = readFileSync(await file.path(), "utf8");

      await page.keyboard.press("ControlOrMeta+Shift+P");
      await page.getByRole("combobox", { name: /^Run/ }).fill("open reproduction");
      await page.keyboard.press("Enter");
      await page
        .getByRole("form", { name: "Open a reproduction file" })
        .locator("input[type=file]")
        .setInputFiles({ name: "saved.json", mimeType: "application/json", buffer: Buffer.from(text) });
      await notice(page).getByText("saved.json").waitFor();
      expect(await page.getByLabel("Path").inputValue()).toBe("/items/saved?b=2");
      await notice(page).getByRole("button", { name: "Close" }).click();

      await page.getByLabel("Path").fill("/other");
      const dropped = await page.evaluateHandle(`(() => {
        const transfer = new DataTransfer();
        transfer.items.add(new File([${JSON.stringify(text)}], "dropped.json"));
        return transfer;
      })()`);
      await page.getByLabel("Path").dispatchEvent("drop", { dataTransfer: dropped });
      await notice(page).getByText("dropped.json").waitFor();
      expect(await page.getByLabel("Path").inputValue()).toBe("/items/saved?b=2");
      expect(complaints).toEqual([]);
    });
  },
  { withExtension: true },
);
