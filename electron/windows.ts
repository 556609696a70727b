import type { BrowserWindow, BrowserWindowConstructorOptions } from "electron";
import type { RecoverableContents } from "./crash-recovery.ts";
import type { WindowState } from "./window-state.ts";

/** The part of a window that the shell uses. */
export type ShellWindow = Pick<
  BrowserWindow,
  | "loadURL"
  | "once"
  | "on"
  | "show"
  | "focus"
  | "maximize"
  | "restore"
  | "isMinimized"
  | "isMaximized"
  | "isDestroyed"
  | "getNormalBounds"
> & { readonly webContents: RecoverableContents };
export type WindowClass = new (options: BrowserWindowConstructorOptions) => ShellWindow;

/** Smallest size at which every pane is still usable, in device-independent pixels. */
const MINIMUM_SIZE = { minWidth: 1024, minHeight: 700 } as const;
const FIRST_SIZE = { width: 1440, height: 900 } as const;

export interface MainWindowOptions {
  readonly BrowserWindow: WindowClass;
  /** Absolute path of the built preload script. */
  readonly preload: string;
  readonly isDark: () => boolean;
  readonly state: WindowState;
  /** Asked on every opening, because the host's port may change. */
  readonly pageUrl: () => string;
  /** Called for every window that opens. */
  readonly onContents: (contents: RecoverableContents) => void;
}

export interface MainWindow {
  /** Opens the window, or brings the open one to the front. */
  reveal(): void;
}

/** One window over the host's page: isolated, sandboxed, without Node.js, where it was when it was last closed. */
export function createMainWindow(options: MainWindowOptions): MainWindow {
  let current: ShellWindow | undefined;
  return {
    reveal() {
      if (current && !current.isDestroyed()) {
        if (current.isMinimized()) current.restore();
        current.focus();
        return;
      }
      const window = openWindow(options);
      current = window;
      options.onContents(window.webContents);
      window.once("ready-to-show", () => window.show());
      window.on("close", () =>
        options.state.save({ ...window.getNormalBounds(), maximized: window.isMaximized() }),
      );
      // A failed load leaves Chromium's own error page, which says what failed; there is nobody to rethrow to.
      window.loadURL(options.pageUrl()).catch(() => window.show());
    },
  };
}

function openWindow({ BrowserWindow, preload, isDark, state }: MainWindowOptions): ShellWindow {
  const last = state.restore();
  const bounds = last && { x: last.x, y: last.y, width: last.width, height: last.height };
  // Every preference is written out here, where the check of the shell's security reads them.
  const window = new BrowserWindow({
    ...FIRST_SIZE,
    ...bounds,
    ...MINIMUM_SIZE,
    title: "Extension Workbench",
    // The page's own background, so that the window does not flash before the first paint.
    backgroundColor: isDark() ? "#0f1318" : "#f6f8fa",
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
      // A middle click would open a link in a window of its own, past the guards of this one's navigation.
      disableBlinkFeatures: "Auxclick",
      spellcheck: false,
    },
  });
  if (last?.maximized) window.maximize();
  return window;
}
