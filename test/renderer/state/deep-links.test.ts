import { describe, expect, it } from "vitest";
import type { DeepLink } from "../../../core/contract/deep-link.ts";
import { findDesktopShell } from "../../../renderer/desktop-shell.ts";
import { followLinks } from "../../../renderer/state/deep-links.ts";
import { createNavigation } from "../../../renderer/state/navigation.ts";

describe("links that the desktop app received", () => {
  it("are shown one after the other, as a form to be confirmed, until the shell stops answering", async () => {
    const links: DeepLink[] = [
      { kind: "project", path: "/home/dana/hello" },
      { kind: "reproduction", path: "/home/dana/refused.json" },
    ];
    const navigation = createNavigation("welcome");
    const places: unknown[] = [];
    navigation.subscribe(() => places.push(navigation.get()));
    await followLinks(async () => {
      const next = links.shift();
      if (next === undefined) throw new Error("the shell is gone");
      return next;
    }, navigation);
    expect(places).toEqual([
      { screen: "project", params: { action: "open", dir: "/home/dana/hello" } },
      { screen: "requests", params: { reproduction: "/home/dana/refused.json" } },
    ]);
  });
});

describe("the desktop shell as the page sees it", () => {
  it("is there only when the preload's bridge is", () => {
    for (const bridge of [undefined, null, {}, { pickFolder: "no function", nextLink: () => {} }])
      expect(findDesktopShell(bridge)).toBeUndefined();
  });

  it("answers a folder, or nothing when the dialog was closed, and refuses any other answer", async () => {
    const answers: unknown[] = ["/home/dana/hello", null, 7];
    const shell = findDesktopShell({ pickFolder: async () => answers.shift(), nextLink: async () => "x" });
    expect(await shell?.pickFolder("Open a project")).toBe("/home/dana/hello");
    expect(await shell?.pickFolder("Open a project")).toBeUndefined();
    await expect(shell?.pickFolder("Open a project")).rejects.toThrow();
    await expect(shell?.nextLink()).rejects.toThrow();
  });
});
