import { describe, expect, it } from "vitest";
import { executionRecordSchema } from "../../../core/contract/execution-record.ts";
import { changeInPercent, compareTraces } from "../../../renderer/state/executions/comparison.ts";
import { harOf } from "../../../renderer/state/executions/har.ts";
import { historyEntrySchema } from "../../../renderer/state/requests/history-entry.ts";

const execution = executionRecordSchema.parse({
  id: "execution-1",
  request_id: "request-1",
  tenant_id: "tenant-1",
  extension_id: "registry-1",
  extension_name: "com.acme.tickets",
  version_id: "version-1",
  install_id: "install-1",
  content_hash: "",
  method: "POST",
  path: "/items",
  outcome: "succeeded",
  status: 201,
  started_at: "2026-11-22T10:00:00.000Z",
  finished_at: "2026-11-22T10:00:00.012Z",
  usage: { duration_ms: 12, memory_bytes: 1, fuel: 2, egress_bytes: 0, host_calls: 0, log_lines: 0 },
  trace: [],
});

const kept = historyEntrySchema.parse({
  id: "1",
  at: "2026-11-22T10:00:00.000Z",
  install_id: "install-1",
  extension_name: "com.acme.tickets",
  tenant_id: "tenant-1",
  draft: { method: "POST", path: "/items?a=b", params: {}, headers: [], body: "" },
  sent: {
    method: "POST",
    path: "/items?a=b",
    headers: [{ name: "Content-Type", value: "text/plain" }],
    body: "Grüße",
    body_cut: false,
  },
  outcome: {
    kind: "answered",
    status: 201,
    request_id: "request-1",
    duration_ms: 12,
    headers: [{ name: "content-type", value: "application/json" }],
    body: "{}",
    body_bytes: 2,
    body_cut: false,
  },
});

const entriesOf = (text: string) => JSON.parse(text).log.entries;

describe("an HTTP Archive of executions", () => {
  it("has what was sent and answered where this browser kept it", () => {
    const text = harOf([{ execution, kept }], "http://127.0.0.1:4100", { name: "W", version: "1" });
    expect(entriesOf(text)[0]).toMatchObject({
      startedDateTime: "2026-11-22T10:00:00.000Z",
      time: 12,
      request: {
        method: "POST",
        url: "http://127.0.0.1:4100/api/ext/com.acme.tickets/items?a=b",
        queryString: [{ name: "a", value: "b" }],
        postData: { mimeType: "text/plain", text: "Grüße" },
        bodySize: 7,
      },
      response: { status: 201, content: { size: 2, mimeType: "application/json", text: "{}" } },
      timings: { send: 0, wait: 12, receive: 0 },
    });
  });

  it("says of an execution from elsewhere what is not known instead of inventing it", () => {
    const [entry] = entriesOf(harOf([{ execution }], "http://h", { name: "W", version: "1" }));
    expect(entry.request).toMatchObject({ headers: [], bodySize: -1 });
    expect(entry.request).not.toHaveProperty("postData");
    expect(entry.comment).toBe("The execution log keeps no query, headers or bodies.");
  });

  it("holds several", () => {
    const text = harOf([{ execution }, { execution, kept }], "http://h", { name: "W", version: "1" });
    expect(entriesOf(text)).toHaveLength(2);
  });
});

describe("a comparison", () => {
  const allow = { rule: "rate", outcome: "allow", detail: "5 left", source: "default" } as const;
  const deny = { ...allow, outcome: "deny", code: "rate_limited" } as const;

  it("names rules that differ and rules that one call did not reach", () => {
    const after = { ...allow, rule: "execute" };
    expect(compareTraces([allow, after], [deny])).toEqual([
      { rule: "rate", left: allow, right: deny, differs: true },
      { rule: "execute", left: after, right: undefined, differs: true },
    ]);
    expect(compareTraces([allow], [allow])[0]?.differs).toBe(false);
  });

  it("relates figures only where there is something to relate to", () => {
    expect(changeInPercent(100, 150)).toBe(50);
    expect(changeInPercent(0, 150)).toBeUndefined();
    expect(changeInPercent(undefined, 1)).toBeUndefined();
  });
});
