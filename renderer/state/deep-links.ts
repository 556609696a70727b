import type { DeepLink } from "../../core/contract/deep-link.ts";
import type { Navigation } from "./navigation.ts";

/**
 * Shows what followed links ask for, one after the other, until the shell stops answering. A link fills a form in
 * and presses no button: whoever wrote it is unknown, and opening a project runs the project's own build, and
 * sending a request may change things.
 */
export async function followLinks(nextLink: () => Promise<DeepLink>, navigation: Navigation): Promise<void> {
  for (;;) {
    const link = await nextLink().catch(() => undefined);
    if (link === undefined) return;
    if (link.kind === "project") navigation.go("project", { action: "open", dir: link.path });
    else navigation.go("requests", { reproduction: link.path });
  }
}
