import { EventEmitter } from "node:events";
import type { BrowserWindowConstructorOptions, IpcMainInvokeEvent } from "electron";
import type { RunningHost } from "../../electron/host.ts";
import type { ShellParts } from "../../electron/shell.ts";
import type { WindowClass } from "../../electron/windows.ts";

/*
 * The part of Electron that the shell uses, as events and records. Its methods are typed by what the shell declares
 * that it needs; the casts below stand where Electron's own overloads name dozens of events, of which the emitter
 * carries any.
 */

class FakeApp extends EventEmitter {
  isFirstInstance = true;
  quits = 0;
  readonly ready = Promise.withResolvers<void>();
  readonly protocols: string[] = [];
  setAsDefaultProtocolClient = (scheme: string): boolean => this.protocols.push(scheme) > 0;
  requestSingleInstanceLock = (): boolean => this.isFirstInstance;
  whenReady = (): Promise<void> => this.ready.promise;
  /** As Electron does: asks the listeners of `before-quit`, and counts only what none of them prevents. */
  quit = (): void => {
    let isPrevented = false;
    this.emit("before-quit", {
      preventDefault: () => {
        isPrevented = true;
      },
    });
    if (!isPrevented) this.quits += 1;
  };
}

export class FakeContents extends EventEmitter {
  reloads = 0;
  reload = (): void => {
    this.reloads += 1;
  };
  windowOpen: ((details: { url: string }) => { action: string }) | undefined;
  setWindowOpenHandler = (handler: (details: { url: string }) => { action: string }): void => {
    this.windowOpen = handler;
  };
  /** Whether a listener prevented the event. */
  isPrevented(event: string, url: string): boolean {
    let isPrevented = false;
    this.emit(event, {
      url,
      preventDefault: () => {
        isPrevented = true;
      },
    });
    return isPrevented;
  }
}

class FakeWindow extends EventEmitter {
  readonly options: BrowserWindowConstructorOptions;
  readonly calls: string[] = [];
  readonly webContents = new FakeContents();
  isGone = false;
  isSmall = false;
  isLarge = false;
  bounds = { x: 10, y: 20, width: 1200, height: 800 };
  constructor(options: BrowserWindowConstructorOptions) {
    super();
    this.options = options;
  }
  loadURL = async (url: string): Promise<void> => void this.calls.push(`load ${url}`);
  show = (): void => void this.calls.push("show");
  focus = (): void => void this.calls.push("focus");
  restore = (): void => void this.calls.push("restore");
  maximize = (): void => void this.calls.push("maximize");
  isMaximized = (): boolean => this.isLarge;
  getNormalBounds = () => this.bounds;
  isMinimized = (): boolean => this.isSmall;
  isDestroyed = (): boolean => this.isGone;
}

type PermissionRequest = (
  contents: null,
  permission: string,
  answer: (ok: boolean) => void,
  details: object,
) => void;
type PermissionCheck = (contents: null, permission: string, origin: string) => boolean;

class FakeSession {
  request: PermissionRequest | undefined;
  check: PermissionCheck | undefined;
  device: (() => boolean) | undefined;
  setPermissionRequestHandler = (handler: PermissionRequest): void => {
    this.request = handler;
  };
  setPermissionCheckHandler = (handler: PermissionCheck): void => {
    this.check = handler;
  };
  setDevicePermissionHandler = (handler: () => boolean): void => {
    this.device = handler;
  };
}

class FakeIpc {
  readonly handlers = new Map<string, (event: IpcMainInvokeEvent, ...args: unknown[]) => unknown>();
  handle = (channel: string, handler: (event: IpcMainInvokeEvent, ...args: unknown[]) => unknown): void => {
    this.handlers.set(channel, handler);
  };
  /** Asks as a frame with this address; `parent` marks one inside another. */
  ask(channel: string, url: string | null, parent: object | null = null, ...args: unknown[]): unknown {
    const senderFrame = url === null ? null : { url, parent };
    // Only the sender's frame is looked at.
    return this.handlers.get(channel)?.({ senderFrame } as unknown as IpcMainInvokeEvent, ...args);
  }
}

/** A whole shell over the fakes, with a host that starts and stops when the test says so. */
export function createFakeShell(change: Partial<ShellParts> = {}) {
  const app = new FakeApp();
  const ipc = new FakeIpc();
  const session = new FakeSession();
  const windows: FakeWindow[] = [];
  class OpenedWindow extends FakeWindow {
    constructor(options: BrowserWindowConstructorOptions) {
      super(options);
      windows.push(this);
    }
  }
  const saved: { text: string | undefined } = { text: undefined };
  /** What the user answers in native dialogs, in turn. */
  const answers = { folder: ["/home/dana/hello"], leave: false, reload: true };
  const clock = { now: 0 };
  const steps: string[] = [];
  const stopping = Promise.withResolvers<void>();
  const host: RunningHost = {
    url: "http://127.0.0.1:4310",
    token: "token-of-this-run",
    stop: () => {
      steps.push("stop host");
      return stopping.promise;
    },
  };
  const parts: ShellParts = {
    app: app as unknown as ShellParts["app"], // see above
    ipc,
    platform: "linux",
    preload: "/app/dist/electron/preload.cjs",
    BrowserWindow: OpenedWindow as unknown as WindowClass, // see above
    dialog: {
      showOpenDialog: async () => ({
        canceled: answers.folder.length === 0,
        filePaths: answers.folder.splice(0, 1),
      }),
    },
    questions: {
      leaveUnsaved: () => answers.leave,
      reloadHanging: async () => answers.reload,
      reportCrashes: (reason) => void steps.push(`crashes: ${reason}`),
    },
    argv: [],
    windowStateFile: {
      read: () => saved.text,
      write: (text) => {
        saved.text = text;
      },
    },
    workAreas: () => [{ x: 0, y: 0, width: 1920, height: 1040 }],
    now: () => clock.now,
    startHost: async (box) => {
      steps.push(`start host with ${box?.kind ?? "its own box"}`);
      return host;
    },
    session: () => session as unknown as ReturnType<ShellParts["session"]>, // see above
    secretBox: async () => undefined,
    isDark: () => true,
    installMenu: () => void steps.push("menu"),
    openOutside: (url) => void steps.push(`outside ${url}`),
    reportFailure: (title, detail) => void steps.push(`${title}: ${detail}`),
    ...change,
  };
  return { app, ipc, session, windows, steps, stopping, host, parts, saved, answers, clock };
}
