import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { BrowserContextOptions, Page } from "playwright-core";
import { expect, it } from "vitest";
import { createProject } from "../../core/bundle/index.ts";
import { EXTENSION_NAME, startPageHost } from "./page-host.ts";
import { describePage } from "./page-suite.ts";

const THIN = "\u2009";

describePage(
  "requests",
  (suite) => {
    const open = (options: BrowserContextOptions = {}) => suite.open("Requests", options);

    const extension = (page: Page) =>
      page.getByRole("list", { name: "Installed extensions" }).getByRole("button", { name: "Page test" });

    async function openExtension(options: BrowserContextOptions = {}) {
      const opened = await open(options);
      await extension(opened.page).click();
      return opened;
    }

    async function send(page: Page, path: string): Promise<void> {
      await page.getByLabel("Path").fill(path);
      await page.getByRole("button", { name: "Send", exact: true }).click();
    }

    const region = (page: Page, name: string) => page.getByRole("region", { name, exact: true });

    it("lists what is installed, with version, hash and status, and warns of the development key", async () => {
      const { page, complaints, origins } = await openExtension();
      const [install] = suite.host.workbench.registry
        .listInstalls()
        .filter((one) => one.extension_name === EXTENSION_NAME);
      expect(await extension(page).textContent()).toContain("1.0.0");
      expect(await extension(page).textContent()).toContain("✓ enabled");
      await region(page, "Extensions")
        .getByText(install?.content_hash ?? "no hash")
        .waitFor();
      await page
        .getByRole("note")
        .filter({ hasText: /development key/i })
        .waitFor();
      await page.getByText("connected to").waitFor();
      expect(page.url()).toBe(`${suite.host.url}/`);
      expect(complaints).toEqual([]);
      expect([...origins]).toEqual([suite.host.url]);
    });

    it("sends a request and shows the answer, its cost, its decisions and its log line", async () => {
      const { page, complaints } = await openExtension();
      await send(page, "/items");
      await region(page, "Body text").getByText('"answer": 42').waitFor();
      const usage = await region(page, "Usage").textContent();
      expect(usage).toMatch(new RegExp(`fuel[\\d${THIN}]+ units`));
      expect(usage).toMatch(/memory, peak[\d.]+\u00a0MiB/);
      expect(usage).toContain("log lines1");
      await region(page, "Decisions").getByText("authenticate").waitFor();
      await region(page, "Log lines").getByText("GET /items", { exact: true }).first().waitFor();
      await page.getByRole("radio", { name: "Raw" }).check();
      await region(page, "Body text").getByText('{"url":"/items","answer":42}').waitFor();
      expect(complaints).toEqual([]);
    });

    it("shows a refusal as the ladder that led to it", async () => {
      const { page } = await openExtension();
      await send(page, "/elsewhere");
      await region(page, "Response").getByText("404 endpoint_not_found", { exact: true }).waitFor();
      const refused = region(page, "Decisions")
        .getByRole("listitem")
        .filter({ has: page.getByLabel("refused") });
      expect(await refused.count()).toBe(1);
      expect(await refused.textContent()).toContain("endpoint");
      await region(page, "Decisions").getByText("not reached").waitFor();
    });

    it("shows what an extension says as text and never as markup", async () => {
      const { page, complaints } = await openExtension();
      await send(page, "/hostile");
      await region(page, "Body text").getByText("<script>alert(1)</script>").waitFor();
      await region(page, "Log lines").getByText("<img src=x onerror=alert(1)>").first().waitFor();
      expect(await page.locator("#root img, #root script").count()).toBe(0);
      expect(complaints).toEqual([]);
    });

    it("works by keyboard alone, and says at the field what is wrong", async () => {
      const { page } = await open();
      await extension(page).waitFor();
      await extension(page).focus();
      await page.keyboard.press("Enter");
      await page.getByRole("button", { name: "GET /items/:id" }).focus();
      await page.keyboard.press("Space");
      await page.getByLabel("Path").focus();
      await page.keyboard.press("Control+Enter");
      await page.getByRole("alert").getByText("Put a value in the place of :id.").waitFor();
      await page.keyboard.press("End");
      await page.keyboard.press("Backspace");
      await page.keyboard.press("Backspace");
      await page.keyboard.press("Backspace");
      await page.keyboard.type("7");
      await page.keyboard.press("Control+Enter");
      await region(page, "Body text").getByText('"/items/7"').waitFor();
    });

    it("cancels a request that does not end", async () => {
      const { page } = await openExtension();
      await send(page, "/slow");
      await page.getByRole("button", { name: "Cancel" }).click();
      await page.getByText("Cancelled.").waitFor();
    });

    it("follows the log of calls that others make", async () => {
      const { page } = await open();
      await page.getByText("connected to").waitFor();
      await suite.host.workbench.call({
        tenantId: suite.host.workbench.tenantId(undefined),
        ref: EXTENSION_NAME,
        method: "GET",
        path: "/items?from=elsewhere",
        headers: [],
      });
      await region(page, "Log lines").getByText("GET /items?from=elsewhere").waitFor();
    });

    it.each([
      ["light", { width: 1024, height: 700 }, 1],
      ["dark", { width: 1024, height: 700 }, 1],
      ["light", { width: 720, height: 450 }, 2],
    ] as const)(
      "fits its window in the %s theme at %o, zoomed %i times",
      async (colorScheme, viewport, zoom) => {
        const { page } = await openExtension({ colorScheme, viewport, deviceScaleFactor: zoom });
        await send(page, "/items");
        await region(page, "Body text").waitFor();
        const overflow = await page.evaluate(
          "document.documentElement.scrollWidth - document.documentElement.clientWidth",
        );
        expect(overflow).toBe(0);
        const ground = await page.evaluate("getComputedStyle(document.body).backgroundColor");
        expect(ground).toBe(colorScheme === "dark" ? "rgb(15, 19, 24)" : "rgb(246, 248, 250)");
      },
    );

    it("asks for the token when it is opened without one, and refuses a wrong one in words", async () => {
      const { page } = await suite.openAt(suite.host.url);
      await page.getByText("This page needs the token of its host.").waitFor();
      const wrong = await suite.openAt(`${suite.host.url}/#token=not-the-token`);
      await wrong.page
        .getByRole("alert")
        .getByText("The token does not open this host.", { exact: true })
        .waitFor();
    });

    it("fills in parameters and variables, and says what was forwarded, added and left out", async () => {
      const { page, complaints } = await openExtension();
      await page.getByLabel("Path").fill("/items/:id?who={{who}}");
      await page.getByLabel("Value of :id").fill("a b");
      await page.getByRole("tab", { name: /^Headers/ }).click();
      await page.getByLabel("Name of header 1").fill("accept");
      await page.getByLabel("Value of header 1").fill("text/plain");
      await page.getByLabel("Name of header 2").fill("x-mine");
      await page.getByLabel("Value of header 2").fill("{{who}}");
      await page.getByRole("button", { name: "Send", exact: true }).click();
      await page.getByRole("alert").getByText("There is no value for {{who}}.").first().waitFor();
      await page.getByRole("tab", { name: /^Variables/ }).click();
      await page.getByLabel("Name of variable 1").fill("who");
      await page.getByLabel("Value of variable 1").fill("me");
      await page.keyboard.press("Control+Enter");
      await region(page, "Body text").getByText('"/items/a%20b?who=me"').waitFor();
      await page.getByRole("tab", { name: "Sent" }).click();
      const sent = page.getByRole("table", { name: "Headers sent" });
      await sent.getByRole("row", { name: "accept text/plain forwarded" }).waitFor();
      await sent.getByRole("row", { name: "x-mine me not forwarded" }).waitFor();
      const given = page.getByRole("table", { name: "Headers that the handler was given" });
      await given.getByRole("row", { name: /^x-alga-tenant .* added by the gateway$/ }).waitFor();
      expect(await given.textContent()).not.toContain("x-mine");
      await page.getByRole("tab", { name: "Logs 1" }).click();
      await page
        .getByRole("list", { name: "Log lines of this request" })
        .getByText("GET /items/a%20b")
        .waitFor();
      expect(complaints).toEqual([]);
    });

    it("has its history after a reload, finds in it, and sends again what it finds", async () => {
      const { page } = await openExtension();
      await send(page, "/items?round=first");
      await region(page, "Body text").getByText("round=first").waitFor();
      await send(page, "/elsewhere");
      await region(page, "Response").getByText("404 endpoint_not_found", { exact: true }).waitFor();
      await page.reload();
      await page.getByRole("tab", { name: "History" }).click();
      const past = region(page, "Requests of the past");
      await past.getByText("404 endpoint_not_found").waitFor();
      await page.getByLabel("Search the history").fill("round 200");
      await past.getByText("404 endpoint_not_found").waitFor({ state: "detached" });
      await past.getByRole("button", { name: /round=first/ }).click();
      await past.getByRole("button", { name: "Send again" }).click();
      await region(page, "Body text").getByText("round=first").waitFor();
      expect(await page.getByLabel("Path").inputValue()).toBe("/items?round=first");
    });

    it("takes a curl command for a request", async () => {
      const { page } = await openExtension();
      await page.getByRole("button", { name: "Import curl" }).click();
      const form = region(page, "Import a curl command");
      await form.getByLabel("curl command").fill("wget http://x");
      await form.getByRole("button", { name: "Import" }).click();
      await form.getByText("This is not a curl command.").waitFor();
      await form
        .getByLabel("curl command")
        .fill(`curl '${suite.host.url}/api/ext/x/items/9?a=b' -H 'accept: */*' -u me:secret`);
      await form.getByRole("button", { name: "Import" }).click();
      expect(await page.getByLabel("Path").inputValue()).toBe("/items/9?a=b");
      await page.getByText("-u was left out").waitFor();
      await page.getByRole("button", { name: "Send", exact: true }).click();
      await region(page, "Body text").getByText('"/items/9?a=b"').waitFor();
    });

    it("is sent as the persona that is chosen, and leads from a refusal to where it is mended", async () => {
      const { page } = await openExtension();
      const personas = page.getByLabel("Persona", { exact: true });
      const client = personas.getByRole("option", { name: /client portal/ }).first();
      await personas.selectOption({ label: (await client.textContent()) ?? "" });
      await send(page, "/items");
      await region(page, "Response").getByText("403 forbidden", { exact: true }).waitFor();
      await region(page, "Decisions").getByText("Change ui.hooks.clientPortalMenu.label").waitFor();
      await region(page, "Decisions").getByRole("button", { name: "Show in project" }).click();
      await page
        .getByRole("navigation", { name: "Screens" })
        .locator("[aria-current='page']")
        .getByText("Project")
        .waitFor();
    });

    it("saves a request as a file of the open project, and opens what somebody else wrote there", async () => {
      const dir = join(suite.home, "project");
      await createProject({ dir, name: "com.acme.hello", template: "handler" });
      await suite.host.project.open(dir);
      const { page } = await openExtension();
      await page
        .getByRole("navigation", { name: "Screens" })
        .getByRole("button", { name: "Project" })
        .click();
      await page.getByRole("banner").getByText("com.acme.hello").waitFor();
      await page
        .getByRole("navigation", { name: "Screens" })
        .getByRole("button", { name: "Requests" })
        .click();
      await page.getByLabel("Path").fill("/items?x=1");
      await page.getByRole("button", { name: "Save to the project" }).click();
      const form = page.getByRole("form", { name: "Save the request" });
      await form.getByLabel("Collection").fill("Smoke");
      await form.getByLabel("Name").fill("List items");
      await form.getByRole("button", { name: "Save" }).click();
      await form.waitFor({ state: "detached" });
      const file = join(dir, "requests", "smoke", "list-items.json");
      const text = readFileSync(file, "utf8");
      expect(JSON.parse(text)).toEqual({ version: 1, name: "List items", method: "GET", path: "/items?x=1" });

      writeFileSync(file, text.replace("x=1", "x=2"));
      await page.getByRole("tab", { name: "Collections" }).click();
      await region(page, "Saved requests")
        .getByRole("button", { name: /GET \/items\?x=2/ })
        .click();
      expect(await page.getByLabel("Path").inputValue()).toBe("/items?x=2");
    });

    // Last, because it ends the host that the others share.
    it("says that the host is gone, and has what was typed when another one is opened", async () => {
      const { page } = await openExtension();
      await page.getByLabel("Path").fill("/items/typed-before");
      // The screens are fetched one after the other once the page stands; this is the last but one.
      await expect
        .poll(() =>
          page.evaluate(
            "performance.getEntriesByType('resource').some(({ name }) => name.includes('/settings-screen-'))",
          ),
        )
        .toBe(true);
      const { port } = new URL(suite.host.url);
      await suite.host.stop();
      await page.getByRole("alert").getByText("The host does not answer.").waitFor();
      expect(await page.getByLabel("Path").inputValue()).toBe("/items/typed-before");
      await page.getByRole("contentinfo").getByText("runner ready").waitFor({ state: "detached" });
      const screens = page.getByRole("navigation", { name: "Screens" });
      await screens.getByRole("button", { name: "Registry" }).click();
      await page.getByRole("button", { name: "Publish…" }).waitFor();
      await screens.getByRole("button", { name: "Requests" }).click();

      suite.host = await startPageHost(suite.home, Number(port));
      await page.getByRole("alert").getByText("The token does not open this host.").waitFor();
      await page.goto(suite.host.windowUrl);
      await extension(page).click();
      expect(await page.getByLabel("Path").inputValue()).toBe("/items/typed-before");
      await page.getByRole("button", { name: "Send", exact: true }).click();
      await region(page, "Body text").getByText('"/items/typed-before"').waitFor();
    });
  },
  { withExtension: true },
);
