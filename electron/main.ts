import { join } from "node:path";
import {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  nativeTheme,
  safeStorage,
  screen,
  session,
  shell,
} from "electron";
import { startHost } from "../core/host-process.ts";
import { type Environment, readEnvironment } from "../core/platform/environment.ts";
import { createRecoveryQuestions } from "./adapters/recovery-questions.ts";
import { createSafeStorageBox } from "./adapters/safe-storage-box.ts";
import { windowStateFile } from "./adapters/window-state-file.ts";
import { menuTemplate } from "./menu.ts";
import { type ShellParts, startShell } from "./shell.ts";

const { platform } = process;

// Not awaited: Electron becomes ready only once this module has been evaluated.
boot().catch((error: unknown) => {
  dialog.showErrorBox("The workbench failed", error instanceof Error ? error.message : "An unknown failure.");
  app.exit(1);
});

async function boot(): Promise<void> {
  const environment = readEnvironment(process.env, platform);
  // Chromium's own files live beside the workbench's data: another home is another instance, with another lock.
  app.setPath("userData", join(environment.home, "shell"));
  app.enableSandbox();
  await startShell(partsOf(environment));
}

/** Electron and the core as the shell's ports. */
function partsOf(environment: Environment): ShellParts {
  const { home } = environment;
  return {
    app,
    ipc: ipcMain,
    platform,
    preload: join(import.meta.dirname, "preload.cjs"),
    BrowserWindow,
    dialog,
    questions: createRecoveryQuestions(dialog, () => BrowserWindow.getFocusedWindow()),
    argv: process.argv.slice(1),
    windowStateFile: windowStateFile(join(home, "shell", "window.json")),
    workAreas: () => screen.getAllDisplays().map(({ workArea }) => workArea),
    now: () => performance.now(),
    startHost: (box) => startHost({ environment, ...(box ? { box } : {}) }),
    session: () => session.defaultSession,
    secretBox: () => createSafeStorageBox({ safeStorage, platform, home }),
    isDark: () => nativeTheme.shouldUseDarkColors,
    installMenu: () => Menu.setApplicationMenu(Menu.buildFromTemplate(menu(home))),
    openOutside: (url) => void shell.openExternal(url),
    reportFailure: (title, detail) => dialog.showErrorBox(title, detail),
  };
}

function menu(home: string) {
  return menuTemplate({
    platform,
    appName: app.name,
    developer: !app.isPackaged,
    openHome: () => void shell.openPath(home),
  });
}
