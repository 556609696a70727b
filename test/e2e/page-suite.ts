import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, onTestFinished } from "vitest";
import type { RunningHost } from "../../core/host-process.ts";
import { suiteFolder } from "../support/temp.ts";
import { launchChromium, missingChromium } from "./chromium.ts";
import { installExtension, startPageHost } from "./page-host.ts";
import { type OpenedScreen, openPage, openScreen, type PageOptions } from "./window-page.ts";

export interface PageSuite {
  readonly browser: Browser;
  /** Another one in its place is stopped at the end as well. */
  host: RunningHost;
  readonly home: string;
  /** A browser of its own on one screen, closed with the test. */
  open(rail: string, options?: PageOptions): Promise<OpenedScreen>;
  /** The same at any address, wherever that leads. */
  openAt(address: string, options?: PageOptions): Promise<OpenedScreen>;
}

/** A suite in a real browser against a real host over a home of its own; skipped, and saying so, without a browser. */
export function describePage(
  name: string,
  define: (suite: PageSuite) => void,
  { withExtension = false }: { readonly withExtension?: boolean } = {},
): void {
  describe.skipIf(missingChromium !== undefined)(
    `${name} in a real browser${missingChromium ? ` (skipped: ${missingChromium})` : ""}`,
    () => {
      const home = suiteFolder();
      const running: { browser?: Browser; host?: RunningHost } = {};
      const suite: PageSuite = {
        home,
        get browser() {
          return started(running.browser);
        },
        get host() {
          return started(running.host);
        },
        set host(host) {
          running.host = host;
        },
        async open(rail, options) {
          const opened = await openScreen(suite.browser, suite.host.windowUrl, rail, options);
          onTestFinished(() => opened.page.context().close());
          return opened;
        },
        async openAt(address, options) {
          const opened = await openPage(suite.browser, address, options);
          onTestFinished(() => opened.page.context().close());
          return opened;
        },
      };

      beforeAll(async () => {
        running.host = await startPageHost(home);
        if (withExtension) await installExtension(running.host);
        running.browser = await launchChromium();
      });

      afterAll(async () => {
        await running.browser?.close();
        await running.host?.stop();
      });

      define(suite);
    },
  );
}

function started<T>(part: T | undefined): T {
  if (part === undefined) throw new Error("the suite has not begun");
  return part;
}
