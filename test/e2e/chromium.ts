import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

/** Where Debian puts it; elsewhere the environment says. Playwright's own downloads are not used. */
const executablePath = process.env.WORKBENCH_TEST_CHROMIUM || "/usr/bin/chromium";

/** Why there is no browser to test in, in words for the name of the skipped suite. */
export const missingChromium = existsSync(executablePath)
  ? undefined
  : `there is no Chromium at ${executablePath}; install it or set WORKBENCH_TEST_CHROMIUM`;

/** A real browser that talks to nobody but the page's host. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: [
      // As root, which CI containers are, Chromium's own sandbox does not start. The pages are ours.
      "--no-sandbox",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--no-first-run",
      "--disable-quic",
    ],
  });
}
