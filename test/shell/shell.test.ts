import { describe, expect, it, vi } from "vitest";
import { WorkbenchError } from "../../core/contract/errors.ts";
import { startShell } from "../../electron/shell.ts";
import { HANDOVER_CHANNEL, NEXT_LINK_CHANNEL, PICK_FOLDER_CHANNEL } from "../../electron/shell-channels.ts";
import { createFakeShell, FakeContents } from "./electron-fake.ts";

async function startedShell(change: Parameters<typeof createFakeShell>[0] = {}) {
  const shell = createFakeShell(change);
  shell.app.ready.resolve();
  await startShell(shell.parts);
  return shell;
}

describe("the desktop shell", () => {
  it("opens one isolated, sandboxed window on the host's page, shown once it is drawn", async () => {
    const { windows } = await startedShell();
    expect(windows).toHaveLength(1);
    const [window] = windows;
    expect(window?.options.webPreferences).toMatchObject({
      preload: "/app/dist/electron/preload.cjs",
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
    });
    expect(window?.options.show).toBe(false);
    expect(window?.calls).toEqual(["load http://127.0.0.1:4310/"]);
    window?.emit("ready-to-show");
    expect(window?.calls).toContain("show");
  });

  it("does nothing but quit when another instance has the lock", async () => {
    const shell = createFakeShell();
    shell.app.isFirstInstance = false;
    await startShell(shell.parts);
    expect(shell.app.quits).toBe(1);
    expect(shell.steps).toEqual([]);
    expect(shell.windows).toEqual([]);
  });

  it("brings its window to the front when it is started a second time", async () => {
    const { app, windows } = await startedShell();
    const [window] = windows;
    if (window) window.isSmall = true;
    app.emit("second-instance", {}, ["electron", "."]);
    expect(windows).toHaveLength(1);
    expect(window?.calls.slice(-2)).toEqual(["restore", "focus"]);
  });

  it("opens a new window where the old one was closed, and none before the host is up", async () => {
    const shell = createFakeShell();
    const starting = startShell(shell.parts);
    shell.app.emit("activate");
    expect(shell.windows).toEqual([]);
    shell.app.ready.resolve();
    await starting;
    const [first] = shell.windows;
    if (first) first.isGone = true;
    shell.app.emit("activate");
    expect(shell.windows).toHaveLength(2);
  });

  it("starts the host with the keychain's box where there is one", async () => {
    const box = { kind: "safe-storage", seal: () => new Uint8Array(), open: () => new Uint8Array() };
    const { steps } = await startedShell({ secretBox: async () => box });
    expect(steps).toContain("start host with safe-storage");
  });

  it("says why and how to mend it when the host does not start, and quits", async () => {
    const { app, steps, windows } = await startedShell({
      startHost: () =>
        Promise.reject(
          new WorkbenchError({ code: "port_taken", message: "Port 4310 is taken.", hint: "Use another." }),
        ),
    });
    expect(steps.at(-1)).toBe("The workbench could not start: Port 4310 is taken.\n\nUse another.");
    expect(app.quits).toBe(1);
    expect(windows).toEqual([]);
  });

  it("lets the host stop before the process goes, asked once or twice", async () => {
    const { app, steps, stopping } = await startedShell();
    app.quit();
    app.quit();
    expect(app.quits).toBe(0);
    expect(steps.filter((step) => step === "stop host")).toHaveLength(1);
    stopping.resolve();
    await vi.waitFor(() => expect(app.quits).toBe(1));
  });

  it("goes even when the host fails to stop", async () => {
    const { app, stopping } = await startedShell();
    app.quit();
    stopping.reject(new Error("the database is locked"));
    await vi.waitFor(() => expect(app.quits).toBe(1));
  });

  it.each([
    ["linux", 1],
    ["win32", 1],
    ["darwin", 0],
  ] as const)("on %s quits %i times when its last window is closed", async (platform, quits) => {
    const { app, stopping } = await startedShell({ platform });
    stopping.resolve();
    app.emit("window-all-closed");
    await vi.waitFor(() => expect(app.quits).toBe(quits));
  });
});

describe("the handover", () => {
  it("tells the host's own page where the host is", async () => {
    const { ipc } = await startedShell();
    expect(ipc.ask(HANDOVER_CHANNEL, "http://127.0.0.1:4310/#x")).toEqual({
      url: "http://127.0.0.1:4310",
      token: "token-of-this-run",
    });
    expect([...ipc.handlers.keys()]).toEqual([NEXT_LINK_CHANNEL, HANDOVER_CHANNEL, PICK_FOLDER_CHANNEL]);
  });

  it.each([
    ["another origin", "http://127.0.0.1:4311/", null],
    ["an extension's origin", "http://hello.localhost:4310/", null],
    ["a file", "file:///app/index.html", null],
    ["what is no address", "about:blank", null],
    ["a frame inside the page", "http://127.0.0.1:4310/", {}],
    ["a frame that is gone", null, null],
  ])("tells %s nothing", async (_who, url, parent) => {
    const { ipc } = await startedShell();
    expect(() => ipc.ask(HANDOVER_CHANNEL, url, parent)).toThrow("may not ask");
  });

  it("tells nobody anything before the host is up", () => {
    const { ipc, parts } = createFakeShell();
    void startShell(parts);
    expect(() => ipc.ask(HANDOVER_CHANNEL, "http://127.0.0.1:4310/")).toThrow("may not ask");
  });
});

const PAGE = "http://127.0.0.1:4310/";

describe("links", () => {
  const LINK = "workbench://project?path=/home/dana/hello";

  it("that start the app, come from the platform or from a second start are handed to the page in turn", async () => {
    const { app, ipc, windows } = await startedShell({ argv: [".", LINK] });
    expect(app.protocols).toEqual(["workbench"]);
    expect(ipc.ask(NEXT_LINK_CHANNEL, PAGE)).toEqual({ kind: "project", path: "/home/dana/hello" });
    const asked = ipc.ask(NEXT_LINK_CHANNEL, PAGE);
    app.emit("second-instance", {}, ["electron", "workbench://reproduction?path=/tmp/refused.json"]);
    expect(await asked).toEqual({ kind: "reproduction", path: "/tmp/refused.json" });
    const again = ipc.ask(NEXT_LINK_CHANNEL, PAGE);
    app.emit("open-url", { preventDefault() {} }, LINK);
    expect(await again).toEqual({ kind: "project", path: "/home/dana/hello" });
    expect(windows).toHaveLength(1);
  });

  it("that are none of ours are dropped, and a flood of them is bounded", async () => {
    const { app, ipc } = await startedShell();
    app.emit("open-url", { preventDefault() {} }, "workbench://run?path=/bin/sh");
    for (let index = 0; index < 50; index++)
      app.emit("open-url", { preventDefault() {} }, `workbench://project?path=/p${index}`);
    const first = Array.from({ length: 4 }, () => ipc.ask(NEXT_LINK_CHANNEL, PAGE));
    expect(first).toEqual([0, 1, 2, 3].map((index) => ({ kind: "project", path: `/p${index}` })));
    expect(ipc.ask(NEXT_LINK_CHANNEL, PAGE)).toBeInstanceOf(Promise);
  });

  it("are told to nobody but the host's own page", async () => {
    const { ipc } = await startedShell({ argv: [LINK] });
    expect(() => ipc.ask(NEXT_LINK_CHANNEL, "http://hello.localhost:4310/")).toThrow("may not ask");
    expect(() => ipc.ask(NEXT_LINK_CHANNEL, PAGE, {})).toThrow("may not ask");
  });
});

describe("the folder dialog", () => {
  it("answers the folder that was chosen, and null when there was none", async () => {
    const { ipc } = await startedShell();
    const ask = () => ipc.ask(PICK_FOLDER_CHANNEL, PAGE, null, { title: "Open a project" });
    expect(await ask()).toBe("/home/dana/hello");
    expect(await ask()).toBeNull();
  });

  it("is not opened for a foreign frame or with options of the page's own", async () => {
    const { ipc } = await startedShell();
    await expect(ipc.ask(PICK_FOLDER_CHANNEL, "https://example.com/", null, { title: "x" })).rejects.toThrow(
      "may not ask",
    );
    await expect(
      ipc.ask(PICK_FOLDER_CHANNEL, PAGE, null, { title: "x", properties: ["openFile"] }),
    ).rejects.toThrow();
    await expect(ipc.ask(PICK_FOLDER_CHANNEL, PAGE)).rejects.toThrow();
  });
});

describe("a window's place", () => {
  it("is where it was when it was closed, also maximised", async () => {
    const shell = await startedShell();
    const [first] = shell.windows;
    if (first) {
      first.isLarge = true;
      first.emit("close");
      first.isGone = true;
    }
    shell.app.emit("activate");
    const [, second] = shell.windows;
    expect(second?.options).toMatchObject({ x: 10, y: 20, width: 1200, height: 800, minWidth: 1024 });
    expect(second?.calls).toContain("maximize");
  });

  it.each([
    ["on a display that is no longer there", { x: 2500, y: 20, width: 1200, height: 800, maximized: false }],
    ["above the screen", { x: 10, y: -300, width: 1200, height: 800, maximized: false }],
    ["below the screen", { x: 10, y: 1030, width: 1200, height: 800, maximized: false }],
    ["of no size", { x: 10, y: 20, width: 0, height: 800, maximized: false }],
    ["of another shape", { left: 10 }],
  ])("is the first one's again when it was %s", async (_where, state) => {
    const { windows } = await startedShell({
      windowStateFile: { read: () => JSON.stringify(state), write() {} },
    });
    expect(windows[0]?.options).toMatchObject({ width: 1440, height: 900 });
    expect(windows[0]?.options).not.toHaveProperty("x");
  });

  it("is the first one's when the file was written half", async () => {
    const { windows } = await startedShell({ windowStateFile: { read: () => '{"x": 1', write() {} } });
    expect(windows[0]?.options).toMatchObject({ width: 1440, height: 900 });
  });
});

describe("a page that fails", () => {
  it("is loaded again, but not for ever: the fourth time in a minute is said", async () => {
    const { windows, steps, clock } = await startedShell();
    const contents = windows[0]?.webContents;
    for (let time = 0; time < 4; time++) contents?.emit("render-process-gone", {}, { reason: "crashed" });
    expect(contents?.reloads).toBe(3);
    expect(steps.at(-1)).toBe("crashes: crashed");
    clock.now = 61_000;
    contents?.emit("render-process-gone", {}, { reason: "oom" });
    expect(contents?.reloads).toBe(4);
  });

  it("is left alone when its end was meant", async () => {
    const { windows } = await startedShell();
    windows[0]?.webContents.emit("render-process-gone", {}, { reason: "clean-exit" });
    expect(windows[0]?.webContents.reloads).toBe(0);
  });

  it("is loaded again when it hangs and the user wants it, asked once", async () => {
    const { windows, answers } = await startedShell();
    const contents = windows[0]?.webContents;
    contents?.emit("unresponsive");
    contents?.emit("unresponsive");
    await vi.waitFor(() => expect(contents?.reloads).toBe(1));
    answers.reload = false;
    contents?.emit("unresponsive");
    await vi.waitFor(() => expect(contents?.listenerCount("unresponsive")).toBe(1));
    expect(contents?.reloads).toBe(1);
  });

  it.each([
    ["stays open with unsaved changes", false],
    ["closes when the user leaves them", true],
  ])("%s", async (_what, leave) => {
    const { windows, answers } = await startedShell();
    answers.leave = leave;
    expect(windows[0]?.webContents.isPrevented("will-prevent-unload", "")).toBe(leave);
  });
});

describe("the guards of a window", () => {
  async function guardedContents() {
    const shell = await startedShell();
    const contents = new FakeContents();
    shell.app.emit("web-contents-created", {}, contents);
    return { ...shell, contents };
  }

  it.each(["will-frame-navigate", "will-redirect"])("keep %s on the host's origin", async (event) => {
    const { contents } = await guardedContents();
    expect(contents.isPrevented(event, "http://127.0.0.1:4310/other")).toBe(false);
    for (const url of [
      "http://127.0.0.1:4311/",
      "http://localhost:4310/",
      "https://example.com/",
      "http://127.0.0.1:4310@example.com/",
      "file:///etc/passwd",
      "data:text/html,x",
      "javascript:alert(1)",
      "not a url",
    ]) {
      expect(contents.isPrevented(event, url), url).toBe(true);
    }
  });

  it("deny every new window and hand only https addresses to the user's browser", async () => {
    const { contents, steps } = await guardedContents();
    const before = steps.length;
    for (const url of [
      "https://example.com/a",
      "http://example.com/",
      "file:///bin/sh",
      "smb://host/x",
      "nonsense",
    ]) {
      expect(contents.windowOpen?.({ url })).toEqual({ action: "deny" });
    }
    expect(steps.slice(before)).toEqual(["outside https://example.com/a"]);
  });

  it("attach no webview", async () => {
    const { contents } = await guardedContents();
    expect(contents.isPrevented("will-attach-webview", "")).toBe(true);
  });
});

describe("permissions", () => {
  it("are denied, but for writing text to the clipboard from the workbench's page", async () => {
    const { session } = await startedShell();
    const own = "http://127.0.0.1:4310/";
    const requested = (permission: string, requestingUrl: string): boolean => {
      let answer = true;
      session.request?.(
        null,
        permission,
        (ok) => {
          answer = ok;
        },
        { requestingUrl },
      );
      return answer;
    };
    expect(requested("clipboard-sanitized-write", own)).toBe(true);
    expect(session.check?.(null, "clipboard-sanitized-write", "http://127.0.0.1:4310")).toBe(true);
    for (const permission of [
      "media",
      "geolocation",
      "notifications",
      "clipboard-read",
      "openExternal",
      "fullscreen",
    ]) {
      expect(requested(permission, own), permission).toBe(false);
      expect(session.check?.(null, permission, own), permission).toBe(false);
    }
    expect(requested("clipboard-sanitized-write", "http://hello.localhost:4310/")).toBe(false);
    expect(session.device?.()).toBe(false);
  });
});
