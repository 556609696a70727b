import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import type { RunningHost } from "../../core/host-process.ts";
import { startCli } from "../support/cli-process.ts";
import { launchChromium, missingChromium } from "./chromium.ts";
import { startPageHost } from "./page-host.ts";

const readyLine = z.object({ url: z.string(), token: z.string() });

/** Opens a socket of its own, with the page's token, and as many subscriptions; answers how many stand. */
const SUBSCRIBE = `(count) => new Promise((resolve, reject) => {
  const socket = new WebSocket(location.origin.replace("http", "ws") + "/rpc?connectionParams=1");
  let started = 0;
  socket.onerror = () => reject(new Error("the socket failed"));
  socket.onopen = () => {
    socket.send(JSON.stringify({ data: { token: sessionStorage.getItem("workbench.token") } }));
    for (let id = 1; id <= count; id++) {
      socket.send(JSON.stringify({ id, method: "subscription", params: { path: "logs.tail", input: { input: {} } } }));
    }
  };
  socket.onmessage = ({ data }) => {
    if (data.includes('"started"') && ++started === count) resolve(started);
  };
})`;

describe.skipIf(missingChromium !== undefined)(
  `the page's socket in a real browser${missingChromium ? ` (skipped: ${missingChromium})` : ""}`,
  () => {
    const home = mkdtempSync(join(tmpdir(), "workbench-transport-"));
    let browser: Browser;
    let host: RunningHost;

    beforeAll(async () => {
      host = await startPageHost(join(home, "home"));
      browser = await launchChromium();
    });

    afterAll(async () => {
      await browser?.close();
      await host?.stop();
      rmSync(home, { recursive: true, force: true, maxRetries: 3 });
    });

    async function newContext(): Promise<BrowserContext> {
      const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
      onTestFinished(() => context.close());
      return context;
    }

    async function open(context: BrowserContext, address = host.windowUrl) {
      const page = await context.newPage();
      const sockets: string[] = [];
      page.on("websocket", (socket) => sockets.push(socket.url()));
      await page.addLocatorHandler(page.getByRole("button", { name: /^Skip/ }), (button) => button.click());
      await page.goto(address);
      await page.getByRole("contentinfo").getByText("connected to").waitFor();
      return { page, sockets };
    }
    const go = (page: Page, screen: string) =>
      page.getByRole("navigation", { name: "Screens" }).getByText(screen, { exact: true }).click();

    it("shows in one tab what another one does, over one socket each", async () => {
      const context = await newContext();
      const [one, two] = [await open(context), await open(context)];
      await go(two.page, "Logs");
      await go(one.page, "Settings");
      const unsigned = one.page.getByRole("switch", { name: "Accept unsigned bundles for Dev tenant" });
      await unsigned.click({ force: true });
      await two.page.getByRole("contentinfo").getByText("! unsigned allowed").waitFor();
      await unsigned.click({ force: true });
      await two.page.getByRole("contentinfo").getByText("signatures: enforced").waitFor();
      const address = host.url.replace("http", "ws");
      for (const { sockets } of [one, two]) expect(sockets).toEqual([`${address}/rpc?connectionParams=1`]);
    });

    it("has room for many subscriptions in two tabs, and still answers", async () => {
      const context = await newContext();
      const pages = [await open(context), await open(context)];
      for (const { page } of pages) expect(await page.evaluate(`(${SUBSCRIBE})(24)`)).toBe(24);
      for (const { page } of pages) {
        await go(page, "Settings");
        await page.getByRole("cell", { name: "EXT_GATEWAY_TIMEOUT_MS" }).waitFor();
      }
    });

    it("is not opened to a page of another origin, which knows the token", async () => {
      const server = createServer((_, response) =>
        response.setHeader("content-type", "text/html").end("<p>"),
      );
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      onTestFinished(() => void server.close());
      const address = server.address();
      const port = typeof address === "object" ? address?.port : undefined;
      const page = await (await newContext()).newPage();
      await page.goto(`http://127.0.0.1:${port}/`);
      const outcome = await page.evaluate(
        (url) =>
          new Promise((resolve) => {
            const socket = new WebSocket(url);
            socket.onopen = () => resolve("open");
            socket.onclose = ({ code }) => resolve(code);
          }),
        `${host.url.replace("http", "ws")}/rpc?connectionParams=1`,
      );
      expect(outcome).toBe(1006);
    });

    it("keeps what two tabs type into one file apart, also when one of them crashes", async () => {
      const dir = join(home, "shared");
      await host.project.create({ dir, name: "com.acme.shared", template: "handler" });
      onTestFinished(() => host.project.close());
      const context = await newContext();
      const [one, two] = [await open(context), await open(context)];
      const type = async (page: Page, text: string): Promise<void> => {
        await go(page, "Project");
        await page.getByRole("treeitem", { name: "handler.ts", exact: true }).click();
        await page.locator(".monaco-editor .view-line").filter({ hasText: "import" }).first().click();
        await page.keyboard.press("Control+Home");
        await page.keyboard.insertText(text);
        await page.getByText("1 unsaved").waitFor();
        await expect.poll(() => page.evaluate(DRAFTS)).toContain(text.trim());
      };
      await type(one.page, "// of the first\n");
      await type(two.page, "// of the second\n");
      await one.page.getByText("1 unsaved").waitFor();
      two.page.on("dialog", (dialog) => void dialog.accept().catch(() => undefined));
      await two.page.reload();
      const lines = (page: Page, text: string) => page.locator(".view-line").getByText(text);
      await lines(two.page, "// of the second").waitFor();
      expect(await lines(two.page, "// of the first").count()).toBe(0);
      await one.page.close({ runBeforeUnload: false });
      const { page } = await open(context);
      await go(page, "Project");
      await lines(page, "// of the first").waitFor();
      expect(readFileSync(join(dir, "src", "handler.ts"), "utf8")).not.toContain("// of the");
    });

    it("outlives its host: what was typed stays, and calls work with the next one on its port", async () => {
      const serve = (...args: string[]) =>
        startCli(["serve", "--home", join(home, "killed"), "--json", ...args]);
      const first = serve("--port", "0");
      const { url, token } = readyLine.parse(JSON.parse(await first.answer()));
      const { page } = await open(await newContext(), `${url}/?token=${token}`);
      await go(page, "Requests");
      await page.getByRole("list", { name: "Installed extensions" }).getByRole("button").first().click();
      await page.getByLabel("Path").fill("/status?typed=before");
      first.kill("SIGKILL");
      const bar = page.getByRole("contentinfo");
      await bar.getByText("no answer, trying again").waitFor();
      await bar.getByText(`workbench serve --port ${new URL(url).port}`).waitFor();
      await page.getByRole("button", { name: "Send", exact: true }).click();
      await page.getByText("host_unreachable").first().waitFor();
      await first.ended();

      const second = serve("--port", new URL(url).port);
      const next = readyLine.parse(JSON.parse(await second.answer()));
      expect([next.url, next.token === token]).toEqual([url, false]);
      const form = page.getByRole("form", { name: "Connect again" });
      await form.getByLabel("Address that the host printed").fill(`${next.url}/?token=${next.token}`);
      await form.getByRole("button", { name: "Connect" }).click();
      await bar.getByText("connected to").waitFor();
      expect(await page.getByLabel("Path").inputValue()).toBe("/status?typed=before");
      await page.getByRole("button", { name: "Send", exact: true }).click();
      await page.getByText("200").first().waitFor();
      second.kill("SIGTERM");
      await second.ended();
    });
  },
);

/** All texts of the drafts that the browser keeps. */
const DRAFTS = `new Promise((resolve, reject) => {
  const opening = indexedDB.open("workbench");
  opening.onerror = () => reject(opening.error);
  opening.onsuccess = () => {
    const reading = opening.result.transaction("tab-drafts").objectStore("tab-drafts").getAll();
    reading.onsuccess = () => { opening.result.close(); resolve(reading.result.map(({ text }) => text).join("\\n")); };
    reading.onerror = () => reject(reading.error);
  };
})`;
