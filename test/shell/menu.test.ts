import type { MenuItemConstructorOptions } from "electron";
import { describe, expect, it } from "vitest";
import { type MenuChoices, menuTemplate } from "../../electron/menu.ts";

function rolesOf(choices: Partial<MenuChoices>): string[] {
  const collect = (items: readonly MenuItemConstructorOptions[]): string[] =>
    items.flatMap((item) => [
      ...(item.role ? [item.role] : []),
      ...(Array.isArray(item.submenu) ? collect(item.submenu) : []),
    ]);
  return collect(
    menuTemplate({
      platform: "linux",
      appName: "Workbench",
      developer: false,
      openHome: () => undefined,
      ...choices,
    }),
  );
}

describe("the menu", () => {
  it("offers reload and developer tools to developers of the workbench only", () => {
    expect(rolesOf({ developer: true })).toEqual(expect.arrayContaining(["reload", "toggleDevTools"]));
    expect(rolesOf({ developer: false })).not.toContain("toggleDevTools");
  });

  it("has the app's own menu on macOS, where closing a window does not quit", () => {
    expect(rolesOf({ platform: "darwin" })).toEqual(expect.arrayContaining(["appMenu", "close"]));
    expect(rolesOf({ platform: "win32" })).toContain("quit");
  });

  it("offers zoom on every platform", () => {
    for (const platform of ["linux", "darwin", "win32"] as const) {
      expect(rolesOf({ platform })).toEqual(expect.arrayContaining(["zoomIn", "zoomOut", "resetZoom"]));
    }
  });
});
