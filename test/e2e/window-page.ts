import type { Browser, BrowserContextOptions, Page } from "playwright-core";

export interface OpenedScreen {
  readonly page: Page;
  /** Errors of the console, violations of the policy included. */
  readonly complaints: string[];
  /** Everything that the host answered, over requests and sockets. */
  readonly received: string[];
}

/** A page of its own on one screen. */
export async function openScreen(
  browser: Browser,
  address: string,
  rail: string,
  options: BrowserContextOptions = {},
): Promise<OpenedScreen> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  const page = await context.newPage();
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
  page.on("pageerror", (error) => complaints.push(error.message));
  // A first visit may be greeted; the screen is what the test is about.
  await page.addLocatorHandler(page.getByRole("button", { name: /^Skip/ }), (button) => button.click());
  await page.goto(address);
  await page.getByRole("navigation").getByText(rail).first().click();
  return { page, complaints, received };
}
