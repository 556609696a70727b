import type { BrowserWindow, BrowserWindowConstructorOptions } from "electron";

/** The part of a window that the shell uses. */
export type ShellWindow = Pick<
  BrowserWindow,
  "loadURL" | "once" | "show" | "focus" | "restore" | "isMinimized" | "isDestroyed"
>;
export type OpenWindow = (options: BrowserWindowConstructorOptions) => ShellWindow;

/** Smallest size at which every pane is still usable, in device-independent pixels. */
const MINIMUM_SIZE = { minWidth: 1024, minHeight: 700 } as const;
const FIRST_SIZE = { width: 1440, height: 900 } as const;

/** Options of every window: an isolated, sandboxed page without Node.js. `preload` is the built script's path. */
export function windowOptions(preload: string, isDark: boolean): BrowserWindowConstructorOptions {
  return {
    ...FIRST_SIZE,
    ...MINIMUM_SIZE,
    title: "Extension Workbench",
    // The page's own background, so that the window does not flash before the first paint.
    backgroundColor: isDark ? "#0f1318" : "#f6f8fa",
    show: false,
    webPreferences: {
      preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
    },
  };
}

export interface MainWindow {
  /** Opens the window, or brings the open one to the front. */
  reveal(): void;
}

/** One window over the host's page. `pageUrl` is asked on every opening, because the host's port may change. */
export function createMainWindow(
  open: OpenWindow,
  options: () => BrowserWindowConstructorOptions,
  pageUrl: () => string,
): MainWindow {
  let current: ShellWindow | undefined;
  return {
    reveal() {
      if (current && !current.isDestroyed()) {
        if (current.isMinimized()) current.restore();
        current.focus();
        return;
      }
      const window = open(options());
      current = window;
      window.once("ready-to-show", () => window.show());
      // A failed load leaves Chromium's own error page, which says what failed; there is nobody to rethrow to.
      window.loadURL(pageUrl()).catch(() => window.show());
    },
  };
}
