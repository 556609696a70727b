import { describe, expect, it, vi } from "vitest";
import type { InstalledExtension } from "../../../core/contract/install.ts";
import type { LogEvent } from "../../../core/contract/log-event.ts";
import type { HostState } from "../../../core/contract/rpc.ts";
import type { StreamState } from "../../../renderer/event-stream.ts";
import { unreachable } from "../../../renderer/state/failure.ts";
import type { HostApi } from "../../../renderer/state/host-api.ts";
import type { PreparedRequest } from "../../../renderer/state/request-draft.ts";
import { createWorkbenchState } from "../../../renderer/state/workbench.ts";
import { installOfTest, logEventOfTest } from "../installs.ts";
import { createMemoryStorage } from "../storage.ts";
import { createManualTimers } from "../timers.ts";

const hostState: HostState = {
  version: "0.1.0",
  tenant: { id: "tenant-1", name: "Dev tenant", is_development: true, unsigned_policy: "refuse" },
  tenants: [],
  personas: [],
  runner: { state: "ready" },
  gateway_url: "http://127.0.0.1:4310",
  warnings: [],
};

/** A host on the level of the contract: what it has installed and what it was sent. */
function createTestHost(installs: readonly InstalledExtension[]) {
  const host = {
    installs,
    isUp: true,
    loads: 0,
    sent: [] as { installId: string; request: PreparedRequest }[],
    log: (_event: LogEvent): void => undefined,
    connection: (_state: StreamState): void => undefined,
    isFollowed: false,
  };
  const api: HostApi = {
    host: async () => hostState,
    extensions: async () => {
      host.loads += 1;
      if (!host.isUp) throw unreachable();
      return host.installs;
    },
    send: async (installId, request) => {
      host.sent.push({ installId, request });
      throw unreachable();
    },
    followLog(onEvent, onState) {
      host.log = onEvent;
      host.connection = onState;
      host.isFollowed = true;
      return () => {
        host.isFollowed = false;
      };
    },
  };
  return { host, api };
}

function createState(installs: readonly InstalledExtension[], storage = createMemoryStorage()) {
  const { host, api } = createTestHost(installs);
  const timers = createManualTimers();
  return { host, timers, state: createWorkbenchState({ api, storage, timers }) };
}

const first = installOfTest();
const second = installOfTest({ install_id: "install-2", extension_name: "com.acme.second" });

describe("the page's state", () => {
  it("selects the first extension once they are loaded and offers its first endpoint", async () => {
    const { state } = createState([first, second]);
    state.start();
    await vi.waitFor(() => expect(state.selected.get()).toBe("install-1"));
    expect(state.drafts.get()["install-1"]).toMatchObject({ method: "GET", path: "/items" });
  });

  it("keeps the selection while the extension stays installed, and moves on when it is gone", async () => {
    const { host, state } = createState([first, second]);
    await state.extensions.reload();
    state.start();
    state.select("install-2");
    await state.extensions.reload();
    expect(state.selected.get()).toBe("install-2");
    host.installs = [first];
    await state.extensions.reload();
    expect(state.selected.get()).toBe("install-1");
    host.installs = [];
    await state.extensions.reload();
    expect(state.selected.get()).toBeUndefined();
  });

  it("does not overwrite what was typed when an extension is selected again", async () => {
    const { state } = createState([first, second]);
    state.start();
    await vi.waitFor(() => expect(state.selected.get()).toBe("install-1"));
    state.drafts.set("install-1", { method: "PUT", path: "/typed", params: {}, headers: [], body: "text" });
    state.select("install-2");
    state.select("install-1");
    expect(state.drafts.get()["install-1"]?.path).toBe("/typed");
  });

  it("loads everything again when the host is back, and loses neither data nor draft in between", async () => {
    const { host, state } = createState([first]);
    state.start();
    await vi.waitFor(() => expect(state.extensions.get().data).toHaveLength(1));
    state.drafts.set("install-1", { method: "PUT", path: "/typed", params: {}, headers: [], body: "text" });
    host.connection("lost");
    host.isUp = false;
    await state.extensions.reload();
    expect(state.extensions.get()).toMatchObject({
      data: [{ install_id: "install-1" }],
      failure: { kind: "unreachable" },
    });
    host.isUp = true;
    const loadsBefore = host.loads;
    host.connection("open");
    await vi.waitFor(() => expect(state.extensions.get().failure).toBeUndefined());
    expect(host.loads).toBe(loadsBefore + 1);
    expect(state.drafts.get()["install-1"]?.path).toBe("/typed");
  });

  it("shows log lines as they come and stops listening when it is stopped", async () => {
    const { host, state, timers } = createState([]);
    const stop = state.start();
    host.connection("open");
    expect(state.connection.get()).toBe("open");
    host.log(logEventOfTest("hello"));
    timers.elapse();
    expect(state.logs.get().lines.map(({ event }) => event.message)).toEqual(["hello"]);
    stop();
    expect(host.isFollowed).toBe(false);
  });
});
