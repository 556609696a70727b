import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { SCREEN_IDS, type ScreenId } from "../../renderer/state/navigation.ts";
import { EXTENSION_NAME } from "./page-host.ts";

const features = join(import.meta.dirname, "..", "..", "renderer", "features");

/** Those that the window has: a screen is there when its module is. */
export const SHOWN_SCREENS: readonly ScreenId[] = SCREEN_IDS.filter((id) =>
  existsSync(join(features, id, `${id}-screen.tsx`)),
);

const PATIENCE = { timeout: 30_000 };

const rail = (page: Page, label: string) =>
  page.getByRole("navigation", { name: "Screens" }).getByRole("button", { name: label, exact: true }).click();

/** By the palette, and so by keyboard alone. */
export async function runCommand(page: Page, title: string): Promise<void> {
  await page.keyboard.press("Control+Shift+P");
  const field = page.getByRole("combobox", { name: /^Run/ });
  await field.fill(title);
  await page.getByRole("option", { name: title, selected: true }).waitFor();
  await page.keyboard.press("Enter");
  await field.waitFor({ state: "detached" });
}

/** How to get to each screen, and to the moment when it shows something: a record, so that none can be forgotten. */
export const VISITS: Record<ScreenId, (page: Page) => Promise<void>> = {
  async welcome(page) {
    await runCommand(page, "Go to Welcome");
    await page.getByRole("heading", { name: "See something run" }).waitFor();
  },
  async project(page) {
    await rail(page, "Project");
    await page.getByRole("treeitem", { name: "handler.ts", exact: true }).click(PATIENCE);
    await page.locator(".monaco-editor .view-line").first().waitFor(PATIENCE);
  },
  async preview(page) {
    await rail(page, "Preview");
    await page.frameLocator("iframe").first().locator("button, h1, h2, p").first().waitFor(PATIENCE);
  },
  async requests(page) {
    await rail(page, "Requests");
    const installed = page.getByRole("list", { name: "Installed extensions" });
    await installed.getByRole("button", { name: /Handover notes/ }).click();
    await page.getByRole("button", { name: "Send", exact: true }).click();
    await page.getByRole("region", { name: "Body text" }).waitFor(PATIENCE);
  },
  async logs(page) {
    await rail(page, "Logs");
    await page
      .locator(".logs-screen")
      .getByRole("button", { name: /GET \/items/ })
      .first()
      .click();
  },
  async executions(page) {
    await rail(page, "Executions");
    const rows = page.getByRole("region", { name: "List of executions" });
    await rows.getByRole("button", { name: /GET \/items\/7/ }).click();
    await page.getByRole("region", { name: "Decisions" }).waitFor(PATIENCE);
  },
  async quotas(page) {
    await rail(page, "Quotas");
    await page.getByRole("button", { name: EXTENSION_NAME }).click();
    await page.getByRole("img", { name: /^Calls in 60 s/ }).waitFor(PATIENCE);
  },
  async registry(page) {
    await rail(page, "Registry");
    await page
      .getByRole("button", { name: /com\.example\.handover-notes/ })
      .first()
      .click();
    await page.getByRole("table", { name: "Versions" }).waitFor(PATIENCE);
    await page.getByRole("tab", { name: "Install", exact: true }).click();
  },
  async fixtures(page) {
    await rail(page, "Fixtures");
    await page.getByRole("main").getByRole("tab").first().waitFor(PATIENCE);
  },
  async keys(page) {
    await rail(page, "Keys & Trust");
    await page
      .getByRole("button", { name: /development-key/ })
      .first()
      .click(PATIENCE);
  },
  async policy(page) {
    await rail(page, "Policy");
    await page.getByRole("main").getByRole("heading").first().waitFor(PATIENCE);
  },
  async settings(page) {
    await rail(page, "Settings");
    await page.getByRole("cell", { name: "EXT_GATEWAY_TIMEOUT_MS" }).waitFor(PATIENCE);
  },
  async automation(page) {
    await runCommand(page, "Go to Schedules & events");
    await page.getByRole("tab", { name: "Schedules" }).waitFor(PATIENCE);
  },
  async help(page) {
    await runCommand(page, "Read the documentation");
    await page.locator(".help-document h1").waitFor(PATIENCE);
  },
};
