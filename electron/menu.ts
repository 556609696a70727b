import type { MenuItemConstructorOptions } from "electron";

export interface MenuChoices {
  readonly platform: NodeJS.Platform;
  readonly appName: string;
  /** Developer tools and reload, left out of packaged builds' menus. */
  readonly developer: boolean;
  openHome(): void;
}

/** The native menu: the platform's own roles, so that shortcuts and their names are the ones its users know. */
export function menuTemplate(choices: MenuChoices): MenuItemConstructorOptions[] {
  const isMac = choices.platform === "darwin";
  return [
    ...(isMac ? [{ role: "appMenu", label: choices.appName } as const] : []),
    {
      label: "&File",
      submenu: [
        { label: "Open data folder", click: () => choices.openHome() },
        { type: "separator" },
        { role: isMac ? "close" : "quit" },
      ],
    },
    { role: "editMenu" },
    {
      label: "&View",
      submenu: [
        ...(choices.developer ? developerItems() : []),
        { role: "resetZoom" },
        { role: "zoomIn" },
        { role: "zoomOut" },
        { type: "separator" },
        { role: "togglefullscreen" },
      ],
    },
    { role: "windowMenu" },
  ];
}

function developerItems(): MenuItemConstructorOptions[] {
  return [{ role: "reload" }, { role: "toggleDevTools" }, { type: "separator" }];
}
