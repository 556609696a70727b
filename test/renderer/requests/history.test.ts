import { describe, expect, it } from "vitest";
import { NO_USAGE } from "../../../core/contract/execute.ts";
import type { GatewayAnswer } from "../../../renderer/state/host-api.ts";
import { EMPTY_DRAFT, type PreparedRequest } from "../../../renderer/state/request-draft.ts";
import {
  createRequestHistory,
  type HistoryStorage,
  MAX_HISTORY_ENTRIES,
  searchHistory,
} from "../../../renderer/state/requests/history.ts";
import {
  type HistoryEntry,
  historyEntryOf,
  MAX_KEPT_BODY,
  NOT_KEPT,
} from "../../../renderer/state/requests/history-entry.ts";
import { installOfTest } from "../installs.ts";

const request: PreparedRequest = {
  method: "POST",
  path: "/items",
  headers: [
    { name: "Accept", value: "*/*" },
    { name: "X-Api-Key", value: "sesame" },
  ],
  body: "x".repeat(MAX_KEPT_BODY + 1),
};
const answer: GatewayAnswer = {
  status: 200,
  headers: [],
  body: new TextEncoder().encode("Grüße"),
  request_id: "request-1",
  execution_id: "execution-1",
  usage: NO_USAGE,
  trace: [{ rule: "execute", outcome: "allow", detail: "Ran.", source: "runner" }],
};

function entry(id: string, at: string, given: GatewayAnswer = answer): HistoryEntry {
  const made = historyEntryOf({
    id,
    at,
    install: installOfTest(),
    draft: { ...EMPTY_DRAFT, headers: request.headers.map((row) => ({ ...row, enabled: true })) },
    request,
    exchange: { phase: "answered", sent: request, answer: given },
  });
  if (made === undefined) throw new Error("an answered exchange makes an entry");
  return made;
}

function memory(kept: Map<string, unknown> = new Map()): HistoryStorage & { kept: Map<string, unknown> } {
  return {
    kept,
    load: async () => [...kept.values()],
    put: async (one) => void kept.set(one.id, one),
    remove: async (ids) => {
      for (const id of ids) kept.delete(id);
    },
  };
}

describe("an entry of the history", () => {
  it("keeps what the handler was given, by the gateway's own rule, and no credential", () => {
    const made = entry("1", "2026-11-22T10:00:00.000Z");
    expect(made.outcome).toMatchObject({
      kind: "answered",
      body: "Grüße",
      handler_headers: [
        { name: "accept", value: "*/*" },
        { name: "x-request-id", value: "request-1" },
        { name: "x-alga-tenant", value: "tenant-1" },
        { name: "x-alga-extension", value: "registry-1" },
      ],
    });
    expect(made.sent).toMatchObject({ body_cut: true, body: "x".repeat(MAX_KEPT_BODY) });
    expect(made.sent.headers).toContainEqual({ name: "X-Api-Key", value: NOT_KEPT });
    expect(JSON.stringify(made)).not.toContain("sesame");
  });

  it("says nothing of a handler that was not reached", () => {
    const denied = {
      rule: "rate",
      outcome: "deny",
      code: "rate_limited",
      detail: "",
      source: "default",
    } as const;
    const made = entry("1", "2026-11-22T10:00:00.000Z", { ...answer, trace: [denied] });
    expect(made.outcome).not.toHaveProperty("handler_headers");
  });

  it("is not made while the answer is awaited", () => {
    const source = { id: "1", at: "", install: installOfTest(), draft: EMPTY_DRAFT, request };
    expect(historyEntryOf({ ...source, exchange: { phase: "sending", sent: request } })).toBeUndefined();
    expect(historyEntryOf({ ...source, exchange: { phase: "cancelled", sent: request } })?.outcome).toEqual({
      kind: "cancelled",
    });
  });
});

describe("the history", () => {
  it("has after a reload what was sent before, newest first, and passes over what is of another shape", async () => {
    const storage = memory(new Map([["odd", { id: "odd" }]]));
    const before = createRequestHistory(storage);
    await before.add(entry("1", "2026-11-22T10:00:00.000Z"));
    await before.add(entry("2", "2026-11-22T10:00:01.000Z"));
    const after = createRequestHistory(storage);
    await after.load();
    expect(after.get().entries.map(({ id }) => id)).toEqual(["2", "1"]);
    expect(after.byRequestId("request-1")?.id).toBe("2");
  });

  it("lets the oldest go beyond its limit, in the storage too", async () => {
    const storage = memory();
    const history = createRequestHistory(storage);
    for (let index = 0; index <= MAX_HISTORY_ENTRIES; index += 1) {
      await history.add(entry(String(index), new Date(index * 1000).toISOString()));
    }
    expect(history.get().entries).toHaveLength(MAX_HISTORY_ENTRIES);
    expect(storage.kept.size).toBe(MAX_HISTORY_ENTRIES);
    expect(storage.kept.has("0")).toBe(false);
  });

  it("goes on without a storage and says that it is not kept", async () => {
    const broken = async () => Promise.reject(new Error("no database"));
    const history = createRequestHistory({ load: broken, put: broken, remove: broken });
    await history.load();
    await history.add(entry("1", "2026-11-22T10:00:00.000Z"));
    expect(history.get()).toMatchObject({ kept: false, loaded: true, entries: [{ id: "1" }] });
  });

  it("finds entries by all words of what was sent and answered", () => {
    const entries = [entry("1", "2026-11-22T10:00:00.000Z")];
    expect(searchHistory(entries, "post GRÜSSE".replace("SS", "ß"))).toHaveLength(1);
    expect(searchHistory(entries, "post nowhere")).toHaveLength(0);
    expect(searchHistory(entries, "  ")).toHaveLength(1);
  });
});
