import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, it } from "vitest";
import type { RunningHost } from "../../core/host-process.ts";
import { uiBundle } from "../host/window-workbench.ts";
import { suiteFolder } from "../support/temp.ts";
import { launchChromium, missingChromium } from "./chromium.ts";
import { startPageHost } from "./page-host.ts";
import { openScreen } from "./window-page.ts";

/** A real toolchain builds, on a machine that may be busy. */
const BUILD = { timeout: 120_000 };
const ANSWER = `if (request.http.method === "GET") {
  await host.logging.info("asked after the edit");
  return jsonResponse({ visits: 4321 });
}
`;

describe.skipIf(missingChromium !== undefined)(
  `from a template to an answer in a real browser${missingChromium ? ` (skipped: ${missingChromium})` : ""}`,
  () => {
    const folder = suiteFolder();
    let browser: Browser;
    let host: RunningHost;

    beforeAll(async () => {
      host = await startPageHost(join(folder, "home"));
      browser = await launchChromium();
    });

    afterAll(async () => {
      await browser?.close();
      await host?.stop();
    });

    const go = (page: Page, screen: string) =>
      page.getByRole("navigation", { name: "Screens" }).getByText(screen, { exact: true }).click();

    it("creates, edits, saves, and sees the new answer in every screen", { timeout: 300_000 }, async () => {
      const { page } = await openScreen(browser, host.windowUrl, "Project");
      await page.getByRole("button", { name: "Create from a template…" }).click();
      await page.getByLabel("Name").fill("com.acme.journey");
      await page.getByLabel("Folder").fill(join(folder, "journey"));
      await page.getByRole("button", { name: "Create", exact: true }).click();
      await page.getByRole("button", { name: "Build on save" }).click();
      const live = page.getByText(/^live com\.acme\.journey/);
      await live.waitFor(BUILD);
      const first = await live.locator("code").first().getAttribute("title");

      await page.getByRole("treeitem", { name: "handler.ts", exact: true }).click();
      await page.locator(".view-line").filter({ hasText: '=== "GET"' }).first().click();
      await page.keyboard.press("Home");
      await page.keyboard.insertText(ANSWER);
      await page.keyboard.press("Control+s");
      await page.locator(`.loop-head code:not([title="${first}"])`).first().waitFor(BUILD);

      await go(page, "Preview");
      const frame = page.frameLocator("iframe");
      await frame.getByText("4321").waitFor(BUILD);

      await go(page, "Requests");
      await page
        .getByRole("list", { name: "Installed extensions" })
        .getByRole("button", { name: /journey/i })
        .click();
      await page.getByLabel("Path").fill("/visits?from=the-journey");
      await page.getByRole("button", { name: "Send", exact: true }).click();
      await page.getByRole("region", { name: "Body text" }).getByText("4321").waitFor();

      // Beside the drafts of an open project, which the same browser keeps too.
      await page.reload();
      await page.getByRole("tab", { name: "History" }).click();
      const past = page.getByRole("region", { name: "Requests of the past" });
      await past.getByRole("button", { name: /from=the-journey/ }).waitFor();

      await go(page, "Logs");
      await page.locator(".logs-screen").getByText("asked after the edit").first().waitFor();
      await go(page, "Executions");
      const rows = page.getByRole("region", { name: "List of executions" });
      await rows
        .getByRole("button", { name: /GET \/visits/ })
        .first()
        .click();
      await page.getByText("asked after the edit").first().waitFor();
      await go(page, "Quotas");
      await page.getByRole("button", { name: "com.acme.journey" }).click();
      await page.getByRole("img", { name: /^Calls in 60 s, calls: calls [1-9]/ }).waitFor();
    });

    it("refuses what a stranger signed, and shows the report of every check", async () => {
      const { workbench } = host;
      const stranger = await workbench.keystore.generate({ algorithm: "ecdsa-p256", subject: "CN=Stranger" });
      const archive = await uiBundle({ name: "com.acme.strange" });
      const { signature } = await workbench.sign(archive, stranger.id);
      const { page } = await openScreen(browser, host.windowUrl, "Registry");
      await page.getByRole("button", { name: "Publish…" }).click();
      const form = page.getByRole("form", { name: "Publish a bundle" });
      await form.locator("input[type=file]").setInputFiles([
        { name: "strange.tar.zst", mimeType: "", buffer: Buffer.from(archive) },
        { name: "strange.tar.zst.SIGNATURE", mimeType: "", buffer: Buffer.from(signature) },
      ]);
      await form.getByRole("button", { name: "Verify and publish" }).click();
      await page.getByRole("alert").getByText("untrusted_signer").waitFor();
      const report = page.getByRole("table", { name: "Verification report" });
      await report
        .getByRole("row", { name: /untrusted_signer|✕/ })
        .first()
        .waitFor();
      await page.getByRole("button", { name: /com\.acme\.strange/ }).waitFor({ state: "detached" });
    });
  },
);
