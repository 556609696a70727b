import { mkdtempSync, rmSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { shortId } from "../../core/contract/short-id.ts";
import type { RunningHost } from "../../core/host-process.ts";
import { launchChromium, missingChromium } from "./chromium.ts";
import { HOSTILE_TITLE, installHostileUi } from "./hostile-ui.ts";
import { startPageHost } from "./page-host.ts";

const SAMPLE_TITLE = "Handover notes";
const LOOP_TITLE = "Loop test";

/** The smallest project with a handler and a page; nothing in it comes from npm. */
async function writeProject(dir: string): Promise<void> {
  const files = {
    "manifest.json": JSON.stringify(
      {
        name: "com.acme.loop-test",
        display_name: LOOP_TITLE,
        version: "1.0.0",
        runtime: "wasm-js@1",
        ui: { type: "iframe", entry: "ui/index.html", hooks: { appMenu: { label: LOOP_TITLE } } },
        api: { endpoints: [{ method: "GET", path: "/items", handler: "list" }] },
      },
      undefined,
      2,
    ),
    "workbench.json": JSON.stringify({ engine: "quickjs" }),
    "src/index.js": "export const handler = () => ({ status: 204, headers: [] });\n",
    "ui/index.html": `<!doctype html><html lang="en"><title>Loop</title><script type="module" src="./main.js"></script><h1>First</h1></html>\n`,
    "ui/main.js": `const origin = new URLSearchParams(location.search).get("parentOrigin");\nparent.postMessage({ alga: true, version: "1", type: "ready", payload: {} }, origin);\n`,
  };
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(dir, path)), { recursive: true });
    await writeFile(join(dir, path), text);
  }
}

describe.skipIf(missingChromium !== undefined)(
  `the preview in a real browser${missingChromium ? ` (skipped: ${missingChromium})` : ""}`,
  () => {
    const home = mkdtempSync(join(tmpdir(), "workbench-preview-"));
    let browser: Browser;
    let host: RunningHost;

    beforeAll(async () => {
      host = await startPageHost(home);
      await installHostileUi(host);
      browser = await launchChromium();
    });

    afterAll(async () => {
      await browser?.close();
      await host?.stop();
      rmSync(home, { recursive: true, force: true, maxRetries: 3 });
    });

    async function open(title: string): Promise<Page> {
      // No theme is made up for every frame: the previewed page is to have its own.
      const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, colorScheme: null });
      onTestFinished(() => context.close());
      const page = await context.newPage();
      await page.goto(host.windowUrl);
      await page.getByRole("navigation").getByText("Preview", { exact: true }).click();
      await page.getByLabel("Extension", { exact: true }).selectOption({ label: title });
      return page;
    }

    const frameOf = (page: Page, title: string) => page.frameLocator(`iframe[title="UI of ${title}"]`);
    const tab = (page: Page, name: RegExp) => page.getByRole("tab", { name }).click();

    async function provoke(deed: string): Promise<Page> {
      const page = await open(HOSTILE_TITLE);
      await page.getByText("ready", { exact: true }).first().waitFor();
      // Not awaited: the click ends with its frame, which some deeds do not survive.
      frameOf(page, HOSTILE_TITLE)
        .getByRole("button", { name: deed, exact: true })
        .click()
        .catch(() => undefined);
      return page;
    }

    it("shows the shipped sample, whose note goes through the bridge to an execution", async () => {
      const page = await open(SAMPLE_TITLE);
      const frame = frameOf(page, SAMPLE_TITLE);
      await frame.getByText("Nothing is open.").waitFor();
      await frame.getByLabel("New note").fill("Check the VPN");
      await frame.getByRole("button", { name: "Add" }).click();
      await frame.getByText("1 open.").waitFor();

      await tab(page, /^Network/);
      const calls = page.getByRole("region", { name: "Calls of the frame" });
      await calls.getByText("POST /items").waitFor();
      const row = calls.getByRole("row").filter({ hasText: "POST /items" });
      expect(await row.getByText("201").or(row.getByText("200")).count()).toBe(1);
      const { items } = host.workbench.executions.list({ limit: 10 });
      const shown = await row.getByRole("button").textContent();
      expect(items.map(({ id }) => `…${shortId(id)}`)).toContain(shown);
    });

    it("keeps the frame on an opaque origin and tells it theme and locale without loading it again", async () => {
      const page = await open(SAMPLE_TITLE);
      const frame = frameOf(page, SAMPLE_TITLE);
      await frame.getByText(/open/).first().waitFor();
      await frame.getByLabel("New note").fill("typed before");
      await page.getByLabel("Theme", { exact: true }).selectOption("dark");
      await page.getByLabel("Locale").selectOption("de-DE");
      const ground = frame.locator("html");
      await expect
        .poll(() => ground.evaluate((element) => element.style.getPropertyValue("--alga-bg")))
        .toBe("#12171d");
      await expect
        .poll(() => ground.evaluate("matchMedia('(prefers-color-scheme: dark)').matches"))
        .toBe(true);
      expect(await frame.getByLabel("New note").inputValue()).toBe("typed before");
      expect(await ground.evaluate("origin")).toBe("null");
      await page.getByText("sandbox allow-scripts allow-forms", { exact: true }).waitFor();
    });

    it("calls as the persona that is chosen: a reader may not write, a made-up writer may", async () => {
      const page = await open(SAMPLE_TITLE);
      const frame = frameOf(page, SAMPLE_TITLE);
      await page.getByLabel("Persona").selectOption({ label: "Robin Reader (internal)" });
      await page.getByText("as Robin Reader").waitFor();
      await frame.getByLabel("New note").fill("Not allowed");
      await frame.getByRole("button", { name: "Add" }).click();
      await frame.getByText(/forbidden/).waitFor();

      await page.getByLabel("Persona").selectOption({ label: "Custom…" });
      await page.getByText("as Custom user").waitFor();
      await frame.getByLabel("New note").fill("By a custom user");
      await frame.getByRole("button", { name: "Add" }).click();
      await frame.getByText("By a custom user").waitFor();
    });

    it("says what the platform would not do: a hook that is not declared, a user who does not see it", async () => {
      const page = await open(SAMPLE_TITLE);
      await page.getByLabel("Hook").selectOption("clientPortalMenu");
      await page.getByText("Add ui.hooks.clientPortalMenu.label to manifest.json.").waitFor();
    });

    it("takes away a frame that floods, stays usable, and loads it again on request", async () => {
      const page = await provoke("flood");
      const alert = page.getByRole("alert").filter({ hasText: "message_flood" });
      await alert.waitFor();
      expect(await page.locator("iframe").count()).toBe(0);
      await alert.getByRole("button", { name: "Load the frame again" }).click();
      await frameOf(page, HOSTILE_TITLE).getByRole("heading", { name: "Hostile" }).waitFor();
      expect(await page.getByRole("alert").count()).toBe(0);
    });

    it.each([
      ["leave", "blocked_navigation"],
      ["wander", "navigated_away"],
    ])("contains a frame that goes elsewhere: %s", async (deed, code) => {
      const page = await provoke(deed);
      await page.getByRole("alert").filter({ hasText: code }).waitFor();
      expect(await page.locator("iframe").count()).toBe(0);
      expect(new URL(page.url()).origin).toBe(host.url);
    });

    it("lets a frame reach neither the parent nor the host nor a storage", async () => {
      const page = await provoke("reach the parent");
      const out = frameOf(page, HOSTILE_TITLE).locator("#out");
      await expect.poll(() => out.textContent()).toContain("fetch: TypeError");
      const text = await out.textContent();
      for (const name of ["document", "location", "storage"])
        expect(text).toContain(`${name}: SecurityError`);
      expect(text).toContain("popup: TypeError");
      expect(new URL(page.url()).origin).toBe(host.url);
    });

    it("refuses forged envelopes and shows each with its reason", async () => {
      const page = await provoke("forge");
      const messages = page.getByRole("region", { name: "Bridge messages" });
      await expect.poll(() => messages.getByText("✕ bad_envelope").count()).toBe(2);
      await messages.getByText("✕ unknown_type").waitFor();
      await messages.getByText("✕ bad_payload").waitFor();
    });

    it("refuses a frame inside the frame as a wrong source", async () => {
      const page = await provoke("nest");
      await page.getByRole("region", { name: "Bridge messages" }).getByText("✕ wrong_source").waitFor();
    });

    it("clamps a height, and refuses a route that climbs out", async () => {
      const page = await provoke("grow");
      await expect
        .poll(() => page.locator("iframe").evaluate((frame) => frame.getBoundingClientRect().height))
        .toBe(4_000);
      const frame = frameOf(page, HOSTILE_TITLE);
      await frame.getByRole("button", { name: "climb" }).click();
      await frame.getByText(/bad_payload/).waitFor();
      expect(
        host.workbench.executions.list({ limit: 50 }).items.some(({ path }) => path.includes("rpc")),
      ).toBe(false);
    });

    it("shows what the frame's own policy refused", async () => {
      const page = await provoke("violate");
      await tab(page, /^Console/);
      const list = page.getByRole("region", { name: /^Console of the frame/ });
      await list.getByText("✕ img-src").waitFor();
      await list.getByText("http://example.com/leak.png").waitFor();
    });

    it("shows what the page prints and what fails in it, and goes on through a loop of lines", async () => {
      const page = await provoke("print");
      await tab(page, /^Console/);
      const list = page.getByRole("region", { name: /^Console of the frame/ });
      await list.getByText('hello {"from":"the <b>frame</b>"}').waitFor();
      await list.getByText(/^Error: thrown by a button/).waitFor();
      await list.getByText(/^Uncaught \(in promise\) Error: rejected/).waitFor();
      await list
        .getByText(/ more lines at once: not shown\.$/)
        .first()
        .waitFor();
      await page.getByText("ready", { exact: true }).first().waitFor();
    });

    it("puts a saved page in front of the user, keeps the component, and marks a failed build stale", async () => {
      const dir = join(home, "hello");
      await writeProject(dir);
      await host.project.open(dir);
      await host.loop.start();
      await host.loop.idle();
      expect(host.loop.state().turn).toMatchObject({ kind: "full", status: "succeeded" });
      const first = host.loop.state().last_good;

      const page = await open(LOOP_TITLE);
      const frame = frameOf(page, LOOP_TITLE);
      await frame.getByRole("heading").first().waitFor();
      const index = join(dir, "ui", "index.html");
      await writeFile(
        index,
        (await readFile(index, "utf8")).replace(/<h1>.*?<\/h1>/, "<h1>Saved just now</h1>"),
      );
      await frame.getByRole("heading", { name: "Saved just now" }).waitFor();
      const { turn, last_good: second } = host.loop.state();
      expect(turn).toMatchObject({ kind: "ui", status: "succeeded" });
      expect(second?.content_hash).not.toBe(first?.content_hash);
      const loop = page.getByRole("region", { name: "Loop" });
      await loop.getByText("UI only").waitFor();

      const manifest = join(dir, "manifest.json");
      const text = await readFile(manifest, "utf8");
      await writeFile(manifest, text.replace('"version"', '"vers'));
      await loop.getByText("stale: the last good build runs").waitFor();
      await loop
        .getByRole("button", { name: /^manifest\.json/ })
        .first()
        .waitFor();
      await frame.getByRole("heading", { name: "Saved just now" }).waitFor();
      await writeFile(manifest, text);
      await expect.poll(() => host.loop.state().stale, { timeout: 30_000 }).toBe(false);
      await host.loop.stop();
    });
  },
);
