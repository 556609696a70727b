import type { Page } from "playwright-core";
import { beforeEach, expect, it } from "vitest";
import { workbench } from "../support/command-line.ts";
import { EXTENSION_NAME } from "./page-host.ts";
import { describePage } from "./page-suite.ts";

describePage(
  "quotas",
  (suite) => {
    const call = (path = "/items") =>
      suite.host.workbench.call({
        tenantId: suite.host.workbench.tenantId(undefined),
        ref: EXTENSION_NAME,
        method: "GET",
        path,
        headers: [],
      });

    async function open() {
      const opened = await suite.open("Quotas");
      await opened.page.getByRole("button", { name: EXTENSION_NAME }).click();
      return opened;
    }

    beforeEach(() =>
      suite.host.workbench.quotas.set({
        tenantId: suite.host.workbench.tenantId(undefined),
        ref: EXTENSION_NAME,
        reset: true,
      }),
    );

    const tab = (page: Page, name: string) => page.getByRole("tab", { name, exact: true }).click();

    it("draws calls as they come, says what a lowered limit refuses, and shows it in the table", async () => {
      const { page, complaints } = await open();
      await page.getByText("No calls in this time.").waitFor();
      expect((await call()).status).toBe(200);
      await page.getByRole("img", { name: /^Calls in 60 s, calls: calls 1, limit 600\/min$/ }).waitFor();
      await page
        .getByRole("img", { name: /^Duration, .*: p50 [\d.]+ \S+, p95 [\d.]+ \S+, limit 5\ss$/ })
        .waitFor();

      const form = page.getByRole("form", { name: "Limits", exact: true });
      await form.getByLabel("Burst").fill("lots");
      await form.getByText("expected a whole number of calls such as 8 or 10k, 1 or more").waitFor();
      expect(await form.getByRole("button", { name: "Save limits" }).isDisabled()).toBe(true);
      await form.getByLabel("Burst").fill("1");
      await form.getByLabel("Rate").fill("1/min");
      await form.getByText(/workbench quota set com\.acme\.page-test --tenant \S+ .*rate_burst=1/).waitFor();
      await form.getByRole("button", { name: "Save limits" }).click();
      await page.getByRole("img", { name: /limit 1\/min$/ }).waitFor();

      const statuses = [(await call()).status, (await call()).status];
      expect(statuses).toContain(429);
      const refused = statuses.filter((status) => status === 429).length;
      await page.getByRole("radio", { name: "Table" }).check({ force: true });
      const table = page.getByRole("region", { name: "Table of the usage" });
      await table.getByRole("columnheader", { name: /Errors and refusals, refused/ }).waitFor();
      const column = async () =>
        (await table.locator("tbody tr td:last-child").allTextContents()).reduce(
          (sum, text) => sum + Number(text),
          0,
        );
      await expect.poll(column, { timeout: 20_000 }).toBe(refused);
      expect(complaints).toEqual([]);
    });

    it("makes a profile, sets the install to it, and shows the headroom of an execution under each", async () => {
      const { page } = await open();
      expect((await call()).status).toBe(200);
      await tab(page, "Profiles");
      await page.getByRole("button", { name: "New profile" }).click();
      const form = page.getByRole("form", { name: "New profile" });
      await form.getByLabel("Name").fill("narrow");
      await form.getByLabel("Fuel a call").fill("10");
      await form.getByRole("button", { name: "Save profile" }).click();
      await page.getByRole("button", { name: "Edit narrow" }).waitFor();

      await tab(page, "Headroom");
      const headroom = page.getByRole("region", { name: "Headroom" });
      await headroom.getByRole("row", { name: /^Deadline .* of 5\ss/ }).waitFor();
      await page
        .getByText("Under narrow it would have been refused or stopped first by fuel a call.")
        .waitFor();

      await tab(page, "Limits");
      await page.getByLabel("Profile", { exact: true }).selectOption("narrow");
      await page.getByRole("button", { name: "Save limits" }).click();
      await page.getByText("the install's profile narrow").first().waitFor();
      await page.getByRole("button", { name: "Forget own figures and profile" }).click();
      await page.getByText("the default").first().waitFor();
      expect((await call()).status).toBe(200);
      await tab(page, "Profiles");
      await page.getByRole("button", { name: "Delete narrow" }).click();
      await page.getByRole("button", { name: "Delete narrow" }).waitFor({ state: "detached" });
    });

    it("takes over what a command has set, beside what is being typed", async () => {
      const { page, complaints } = await open();
      const form = page.getByRole("form", { name: "Limits", exact: true });
      await form.getByLabel("Fuel a call").fill("5M");
      const set = ["quota", "set", EXTENSION_NAME, "rate_per_minute=7/min"];
      const outcome = await workbench(set, { cwd: suite.home, home: suite.home });
      expect(outcome.code, outcome.stderr).toBe(0);
      await expect.poll(() => form.getByLabel("Rate").inputValue()).toBe("7/min");
      expect(await form.getByLabel("Fuel a call").inputValue()).toBe("5M");
      expect(complaints).toEqual([]);
    });

    it("stands still when it is paused, and limits what a tenant's installs share", async () => {
      const { page } = await open();
      await page.getByRole("button", { name: "Dev tenant", exact: true }).click();
      await call();
      await page.getByRole("img", { name: /^Calls in 60 s, .*, no limit$/ }).waitFor();
      await page.getByTestId("usage").getByRole("button", { name: "Pause" }).click();
      await call();
      await page
        .getByTestId("usage")
        .getByRole("button", { name: /^Resume, \d+ new$/ })
        .click();
      await tab(page, "Shared");
      const form = page.getByRole("form", { name: "Shared limits" });
      await form.getByLabel("Calls at once").fill("7");
      await form.getByText(/quota set --tenant \S+ --shared concurrency=7/).waitFor();
      await form.getByRole("button", { name: "Save shared limits" }).click();
      await page.getByRole("img", { name: /^Calls at once, .*, limit 7$/ }).waitFor();
    });
  },
  { withExtension: true },
);
