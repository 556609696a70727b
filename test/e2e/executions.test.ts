import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { beforeAll, expect, it } from "vitest";
import { logEventOfTest } from "../renderer/installs.ts";
import { EXTENSION_NAME } from "./page-host.ts";
import { describePage } from "./page-suite.ts";

/** More than the page keeps of the log. */
const BURST_LINES = 101_000;

describePage(
  "executions and logs",
  (suite) => {
    beforeAll(async () => {
      await call("/items");
      await call("/items/7?secret=x");
      await call("/elsewhere");
    });

    const call = (path: string) =>
      suite.host.workbench.call({
        tenantId: suite.host.workbench.tenantId(undefined),
        ref: EXTENSION_NAME,
        method: "GET",
        path,
        headers: [],
      });

    const region = (page: Page, name: string) => page.getByRole("region", { name, exact: true });
    const rows = (page: Page) => region(page, "List of executions").getByRole("listitem");

    it("lists what was called, newest first, shows new ones by itself, and filters", async () => {
      const { page, complaints } = await suite.open("Executions");
      await rows(page).filter({ hasText: "/elsewhere" }).waitFor();
      expect(await rows(page).first().textContent()).toContain("404 endpoint_not_found");
      expect(await rows(page).nth(1).textContent()).toMatch(/\/items\/7.*200.*ms/);
      await call("/items?live=1");
      await rows(page).nth(3).waitFor();
      await page.getByLabel("Outcome").selectOption("refused");
      // The list is empty while the filtered one is asked for.
      await expect.poll(() => rows(page).count()).toBe(1);
      expect(await rows(page).first().textContent()).toContain("404 endpoint_not_found");
      await page.getByLabel("Filter by text").fill("nothing has this");
      await page.getByText("No execution passes the filter.").waitFor();
      expect(complaints).toEqual([]);
    });

    it("shows one whole, leads to its lines in the log and from there back", async () => {
      const { page } = await suite.open("Executions");
      await rows(page)
        .getByRole("button", { name: /\/items\/7/ })
        .click();
      await region(page, "Usage").getByText("units").waitFor();
      await region(page, "Decisions").getByText("authenticate").waitFor();
      await page
        .getByRole("list", { name: "Log lines of this request" })
        .getByText("GET /items/7?secret=x")
        .waitFor();
      await page.getByText("It was not sent from this browser").waitFor();

      await page.getByRole("navigation", { name: "Screens" }).getByRole("button", { name: "Logs" }).click();
      const line = page.getByRole("button", { name: /GET \/items\/7\?secret=x/ });
      await line.click();
      await page.getByRole("button", { name: "Only this request" }).click();
      await page.getByText(/^1 shown of/).waitFor();
      await page.getByRole("button", { name: "Show the execution" }).click();
      await page.getByRole("heading", { name: "GET /items/7" }).waitFor();
    });

    it("compares two, and saves both as an HTTP Archive", async () => {
      const { page } = await suite.open("Executions");
      const mark = (name: RegExp) => page.getByRole("checkbox", { name }).first().check();
      await mark(/^Mark GET \/items\/7/);
      await mark(/^Mark GET \/elsewhere/);
      await page.getByRole("button", { name: "Compare" }).click();
      const table = region(page, "Comparison");
      await table.getByRole("row", { name: /^request GET \/items\/7 GET \/elsewhere ≠ differs/ }).waitFor();
      await table.getByRole("row", { name: /^execute .* not reached/ }).waitFor();
      const downloading = page.waitForEvent("download");
      await page.getByRole("button", { name: "HAR of the marked" }).click();
      const { log } = JSON.parse(await readFile(await (await downloading).path(), "utf8"));
      expect(log).toMatchObject({ version: "1.2", creator: { name: "Extension Workbench" } });
      expect(
        log.entries.map((entry: { response: { status: number } }) => entry.response.status).sort(),
      ).toEqual([200, 404]);
      // The development tenant's record has what the browser did not keep.
      expect(log.entries[0].request.queryString).toEqual([{ name: "secret", value: "x" }]);
    });

    it("puts what was sent elsewhere into the form, and sends again what was sent from here", async () => {
      const { page } = await suite.open("Executions");
      await rows(page)
        .getByRole("button", { name: /\/items\/7/ })
        .click();
      await page.getByRole("button", { name: "Rerun" }).click();
      expect(await page.getByLabel("Path").inputValue()).toBe("/items/7");
      await page.getByLabel("Path").fill("/items?from=here");
      await page.getByRole("button", { name: "Send", exact: true }).click();
      await page.getByRole("button", { name: "Show in Executions" }).click();
      await region(page, "Sent").getByText("GET /items?from=here").waitFor();
      await page.getByRole("button", { name: "Rerun" }).click();
      await region(page, "Body text").getByText("from=here").waitFor();
    });

    it("saves what is filtered by as a view that the next window and the command line have", async () => {
      const { page } = await suite.open("Executions");
      await page.getByLabel("Status").fill("404");
      await page.getByLabel("Filter by text").fill("elsewhere");
      await rows(page).filter({ hasText: "200" }).first().waitFor({ state: "detached" });
      await page.getByRole("button", { name: "Save view" }).click();
      await page.getByLabel("Name of the view").fill("missing");
      await page.keyboard.press("Enter");
      await page.getByRole("button", { name: "Remove view" }).waitFor();
      const other = await suite.open("Executions");
      await rows(other.page).nth(2).waitFor();
      await other.page.getByLabel("Saved view of the executions").selectOption("missing");
      await rows(other.page).filter({ hasText: "200" }).first().waitFor({ state: "detached" });
      expect(await rows(other.page).count()).toBe(1);
      expect(suite.host.workbench.record.views.list("executions")).toEqual([
        { name: "missing", filter: { status: 404, text: "elsewhere" } },
      ]);
    });

    it("takes a burst of lines, says what it let go, and stands still while paused", async () => {
      const { page, complaints } = await suite.open("Logs");
      await page.getByText("connected to").waitFor();
      const lines = Array.from({ length: BURST_LINES }, (_, index) =>
        logEventOfTest(`burst ${index + 1} of many`, { level: index % 1_000 === 0 ? "warn" : "info" }),
      );
      suite.host.workbench.logs.append(lines);
      // The panel below has the same lines and the same filter.
      const screen = page.locator(".logs-screen");
      const table = screen.getByRole("region", { name: "Log lines" });
      await table.getByText(`burst ${BURST_LINES} of many`).waitFor({ timeout: 60_000 });
      await page
        .getByRole("status")
        .getByText(/older lines were let go/)
        .waitFor();
      // Far fewer rows than lines are in the page.
      expect(await table.getByRole("button").count()).toBeLessThan(120);

      await screen.getByLabel("Filter the lines").fill('"burst 50001 "');
      await table.getByText("burst 50001 of many").waitFor();
      expect(await table.getByRole("button").count()).toBe(1);
      await screen.getByLabel("Filter the lines").fill("");
      await screen.getByRole("button", { name: "Pause" }).click();
      suite.host.workbench.logs.append([logEventOfTest("while paused")]);
      await screen.getByRole("button", { name: "Resume, 1 new" }).click();
      await table.getByText("while paused").waitFor();
      expect(complaints).toEqual([]);
    });
  },
  { withExtension: true },
);
