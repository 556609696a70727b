import type { Rectangle } from "electron";
import type { HostAddress } from "../core/contract/host-address.ts";
import type { SecretBox } from "../core/platform/secret-box.ts";
import { type RecoveryQuestions, setupCrashRecovery } from "./crash-recovery.ts";
import { type LinkApp, setupDeepLinks } from "./deep-links.ts";
import { type FolderDialog, setupFolderDialog } from "./folder-dialog.ts";
import { type ShellIpc, setupHandover } from "./handover.ts";
import type { RunningHost, StartHost } from "./host.ts";
import { type NavigationApp, setupNavigation } from "./navigation.ts";
import { createOwnPageCheck } from "./own-page.ts";
import { type PermissionSession, setupPermissions } from "./permissions.ts";
import { type ShutdownApp, setupShutdown } from "./shutdown.ts";
import { type InstanceApp, setupSingleInstance } from "./single-instance.ts";
import { createWindowState, type WindowStateFile } from "./window-state.ts";
import { createMainWindow, type WindowClass } from "./windows.ts";

/** Everything of Electron and of the core that the shell touches, so that a test can stand in for Electron. */
export interface ShellParts {
  readonly app: InstanceApp & NavigationApp & ShutdownApp & LinkApp & { whenReady(): Promise<void> };
  readonly ipc: ShellIpc;
  readonly dialog: FolderDialog;
  readonly questions: RecoveryQuestions;
  readonly platform: NodeJS.Platform;
  /** The process's own command line: a link that started the app is in it. */
  readonly argv: readonly string[];
  /** Absolute path of the built preload script. */
  readonly preload: string;
  readonly BrowserWindow: WindowClass;
  readonly windowStateFile: WindowStateFile;
  readonly startHost: StartHost;
  /** Work areas of the connected displays, in device-independent pixels. */
  workAreas(): readonly Rectangle[];
  /** Milliseconds; only differences are looked at. */
  now(): number;
  session(): PermissionSession;
  /** The platform's keychain as a box; `undefined` where there is none worth the name. Called once ready. */
  secretBox(): Promise<SecretBox | undefined>;
  isDark(): boolean;
  installMenu(): void;
  openOutside(url: string): void;
  /** Tells the user, in a native dialog, why there is no window. */
  reportFailure(title: string, detail: string): void;
}

/** Boots the desktop app in its one order: lock, guards, ready, host, window. */
export async function startShell(parts: ShellParts): Promise<void> {
  let host: RunningHost | undefined;
  const address = (): HostAddress | undefined => host;
  const pageOrigin = (): string | undefined => host?.url;
  const window = createMainWindow({
    BrowserWindow: parts.BrowserWindow,
    preload: parts.preload,
    isDark: () => parts.isDark(),
    state: createWindowState(parts.windowStateFile, () => parts.workAreas()),
    pageUrl: () => `${host?.url ?? ""}/`,
    onContents: (contents) => setupCrashRecovery(contents, parts.questions, () => parts.now()),
  });
  const revealOnceUp = (): void => {
    if (host) window.reveal();
  };

  let followLinks: (argv: readonly string[]) => void = () => {};
  const isFirst = setupSingleInstance(parts.app, (argv) => {
    followLinks(argv);
    revealOnceUp();
  });
  if (!isFirst) {
    parts.app.quit();
    return;
  }
  const ownPage = createOwnPageCheck(address);
  followLinks = setupDeepLinks(parts.app, parts.ipc, ownPage, revealOnceUp);
  setupNavigation(parts.app, { pageOrigin, openOutside: parts.openOutside });
  setupHandover(parts.ipc, ownPage);
  setupFolderDialog(parts.ipc, ownPage, parts.dialog);
  setupShutdown(parts.app, parts.platform, async () => host?.stop());
  parts.app.on("activate", revealOnceUp);
  followLinks(parts.argv);

  await parts.app.whenReady();
  setupPermissions(parts.session(), pageOrigin);
  parts.installMenu();
  try {
    host = await parts.startHost(await parts.secretBox());
  } catch (error) {
    parts.reportFailure("The workbench could not start", describe(error));
    parts.app.quit();
    return;
  }
  window.reveal();
}

/** Message and, where the error carries one, the hint: errors of the core hold neither secrets nor payloads. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return "An unknown failure.";
  const hint = "hint" in error && typeof error.hint === "string" ? `\n\n${error.hint}` : "";
  return `${error.message}${hint}`;
}
