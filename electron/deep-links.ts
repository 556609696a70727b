import type { App } from "electron";
import { DEEP_LINK_SCHEME, type DeepLink } from "../core/contract/deep-link.ts";
import { parseDeepLink } from "./deep-link.ts";
import type { ShellIpc } from "./handover.ts";
import type { OwnPageCheck } from "./own-page.ts";
import { NEXT_LINK_CHANNEL } from "./shell-channels.ts";

export type LinkApp = Pick<App, "on" | "setAsDefaultProtocolClient">;

/** More than these are dropped: a page in the browser may follow links as fast as it likes. */
const MAX_WAITING_LINKS = 4;

/**
 * Receives `workbench://` links from the platform and keeps them until the page asks. What is no link that the
 * window knows is dropped without a word: the sender is unknown and must not be able to make dialogs appear.
 * Answers what follows the links of a command line.
 */
export function setupDeepLinks(
  app: LinkApp,
  ipc: ShellIpc,
  ownPage: OwnPageCheck,
  onLink: () => void,
): (argv: readonly string[]) => void {
  const waiting: DeepLink[] = [];
  let asked: PromiseWithResolvers<DeepLink> | undefined;

  const take = (text: string): void => {
    const link = parseDeepLink(text);
    if (link === undefined) return;
    if (asked !== undefined) {
      asked.resolve(link);
      asked = undefined;
    } else if (waiting.length < MAX_WAITING_LINKS) waiting.push(link);
    onLink();
  };

  app.setAsDefaultProtocolClient(DEEP_LINK_SCHEME);
  app.on("open-url", (event, url) => {
    event.preventDefault();
    take(url);
  });
  ipc.handle(NEXT_LINK_CHANNEL, (event): DeepLink | Promise<DeepLink> => {
    ownPage(event);
    const next = waiting.shift();
    if (next !== undefined) return next;
    // A page that was reloaded asks again; the question of the old one is never answered.
    asked = Promise.withResolvers<DeepLink>();
    return asked.promise;
  });
  return (argv) => argv.forEach(take);
}
