import { describe, expect, it } from "vitest";
import type { ExecutionRecord } from "../../core/contract/execution-record.ts";
import { executionDetail } from "../../core/recording/index.ts";

const record: ExecutionRecord = {
  id: "e",
  request_id: "r",
  tenant_id: "t",
  extension_id: "x",
  extension_name: "com.acme.x",
  version_id: "v",
  install_id: "i",
  content_hash: `sha256:${"a".repeat(64)}`,
  method: "GET",
  path: "/",
  outcome: "failed",
  code: "fuel_exhausted",
  started_at: "2026-03-01T12:00:00.000Z",
  usage: {
    duration_ms: 2,
    memory_bytes: 1_048_576,
    fuel: 1_010,
    egress_bytes: 0,
    host_calls: 0,
    log_lines: 0,
  },
  trace: [],
};
const recording = {
  limits: { timeout_ms: 10, memory_mb: 2, fuel: 1_000 },
  response: { status: 502, headers: [], body: { size: 0, sha256: "" } },
};

describe("the limits of an execution", () => {
  it("say which one ended it, and by how much it was passed", () => {
    expect(executionDetail(record, recording).limits).toEqual([
      { limit: "timeout_ms", allowed: 10, used: 2, hit: false },
      { limit: "memory_bytes", allowed: 2_097_152, used: 1_048_576, hit: false },
      { limit: "fuel", allowed: 1_000, used: 1_010, hit: true, over: 10 },
    ]);
  });

  it("are not made up where nothing was recorded", () => {
    expect(executionDetail(record, undefined)).toMatchObject({
      limits: [],
      host_calls: [],
      journal: "none",
      replay: { possible: false, code: "recording_not_found" },
    });
  });
});
