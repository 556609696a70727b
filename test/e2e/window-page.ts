import type { Browser, BrowserContextOptions, Page } from "playwright-core";

export interface OpenedScreen {
  readonly page: Page;
  /** Errors of the console, violations of the policy included. */
  readonly complaints: string[];
  /** Everything that the host answered, over requests and sockets. */
  readonly received: string[];
  /** Whom the page asked for anything. */
  readonly origins: ReadonlySet<string>;
}

export interface PageOptions extends BrowserContextOptions {
  /** Runs in the page before anything of it. */
  readonly before?: string;
}

/** A browser of its own at an address. */
export async function openPage(
  browser: Browser,
  address: string,
  { before = "", ...options }: PageOptions = {},
): Promise<OpenedScreen> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  const page = await context.newPage();
  await page.addInitScript(before);
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  const received: string[] = [];
  page.on("websocket", (socket) => {
    socket.on("framereceived", ({ payload }) => received.push(String(payload)));
  });
  page.on("response", (response) => {
    // An answer that the page gave up has no text.
    void response
      .text()
      .then((text) => received.push(text))
      .catch(() => undefined);
  });
  const origins = new Set<string>();
  page.on("request", (request) => origins.add(new URL(request.url()).origin));
  page.on("pageerror", (error) => complaints.push(error.message));
  // A first visit may be greeted; the screen is what the test is about.
  await page.addLocatorHandler(page.getByRole("button", { name: /^Skip/ }), (button) => button.click());
  await page.goto(address);
  return { page, complaints, received, origins };
}

/** A page of its own on one screen. */
export async function openScreen(
  browser: Browser,
  address: string,
  rail: string,
  options: PageOptions = {},
): Promise<OpenedScreen> {
  const opened = await openPage(browser, address, options);
  await opened.page.getByRole("navigation").getByText(rail).first().click();
  return opened;
}
