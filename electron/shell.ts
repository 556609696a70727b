import type { HostAddress } from "../core/contract/host-address.ts";
import type { SecretBox } from "../core/platform/secret-box.ts";
import { type HandoverIpc, setupHandover } from "./handover.ts";
import type { RunningHost, StartHost } from "./host.ts";
import { type NavigationApp, setupNavigation } from "./navigation.ts";
import { type PermissionSession, setupPermissions } from "./permissions.ts";
import { type ShutdownApp, setupShutdown } from "./shutdown.ts";
import { type InstanceApp, setupSingleInstance } from "./single-instance.ts";
import { createMainWindow, type OpenWindow, windowOptions } from "./windows.ts";

/** Everything of Electron and of the core that the shell touches, so that a test can stand in for Electron. */
export interface ShellParts {
  readonly app: InstanceApp & NavigationApp & ShutdownApp & { whenReady(): Promise<void> };
  readonly ipc: HandoverIpc;
  readonly platform: NodeJS.Platform;
  /** Absolute path of the built preload script. */
  readonly preload: string;
  readonly openWindow: OpenWindow;
  readonly startHost: StartHost;
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
  const window = createMainWindow(
    parts.openWindow,
    () => windowOptions(parts.preload, parts.isDark()),
    () => `${host?.url ?? ""}/`,
  );
  const revealOnceUp = (): void => {
    if (host) window.reveal();
  };

  if (!setupSingleInstance(parts.app, revealOnceUp)) {
    parts.app.quit();
    return;
  }
  setupNavigation(parts.app, { pageOrigin, openOutside: parts.openOutside });
  setupHandover(parts.ipc, address);
  setupShutdown(parts.app, parts.platform, async () => host?.stop());
  parts.app.on("activate", revealOnceUp);

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
