import type { App, WebContents } from "electron";
import { isSameOrigin } from "./origin.ts";

export type NavigationApp = Pick<App, "on">;
export type GuardedContents = Pick<WebContents, "on" | "setWindowOpenHandler">;

export interface NavigationPolicy {
  /** Origin of the workbench's own page; `undefined` until the host is up, when nothing may be loaded. */
  pageOrigin(): string | undefined;
  /** Hands a link to the user's browser. Called with `https:` URLs only. */
  openOutside(url: string): void;
}

/**
 * Keeps every window on the workbench's own origin: no navigation elsewhere in any frame, no new windows, no webviews.
 * A link to a web page opens in the user's browser instead, where it holds no token and no bridge.
 */
export function setupNavigation(app: NavigationApp, policy: NavigationPolicy): void {
  app.on("web-contents-created", (_event, contents) => guardContents(contents, policy));
}

function guardContents(contents: GuardedContents, policy: NavigationPolicy): void {
  const isOwn = (url: string): boolean => isSameOrigin(url, policy.pageOrigin());
  contents.on("will-frame-navigate", (details) => {
    if (!isOwn(details.url)) details.preventDefault();
  });
  contents.on("will-redirect", (details) => {
    if (!isOwn(details.url)) details.preventDefault();
  });
  contents.on("will-attach-webview", (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    if (URL.canParse(url) && new URL(url).protocol === "https:") policy.openOutside(url);
    return { action: "deny" };
  });
}
