import { describe, expect, it, vi } from "vitest";
import { WorkbenchError } from "../../core/contract/errors.ts";
import { HANDOVER_CHANNEL } from "../../electron/handover-channel.ts";
import { startShell } from "../../electron/shell.ts";
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
    app.emit("second-instance");
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
    expect([...ipc.handlers.keys()]).toEqual([HANDOVER_CHANNEL]);
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
