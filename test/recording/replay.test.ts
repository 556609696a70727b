import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { suiteFolder } from "../support/temp.ts";
import { openRecordedWorkbench, SECRET } from "./recorded-workbench.ts";

const home = join(suiteFolder(), "home");
let opened: Awaited<ReturnType<typeof openRecordedWorkbench>>;
beforeAll(async () => {
  opened = await openRecordedWorkbench(home);
}, 120_000);
afterAll(() => opened.close());

async function execution(path: string, body?: string) {
  const result = await opened.call(path, body);
  const record = opened.workbench.executions.find(result.execution_id ?? "");
  if (record === undefined) throw new Error("the call left no row");
  return { result, record, detail: opened.workbench.recordings.detail(record) };
}

describe("the journal of an execution", () => {
  it("has every host call in order, with arguments, answers, start and duration", async () => {
    const { detail, record } = await execution("/all", "hello");
    expect(detail.host_calls.map((call) => `${call.interface}.${call.function}`)).toEqual([
      "context.getContext",
      "secrets.get",
      "logging.logInfo",
      "storage.put",
      "http.fetch",
      "storage.get",
    ]);
    expect(detail.host_calls.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5, 6]);
    const [context, secret, log, put, fetched, missing] = detail.host_calls;
    expect(context?.result).toMatchObject({ tenantId: opened.tenantId });
    expect(secret?.result).toEqual({
      $digest: { kind: "secret", size: SECRET.length, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    });
    expect(log?.arguments).toEqual(["asked for the secret"]);
    expect(put?.result).toMatchObject({ namespace: "n", key: "note" });
    expect(fetched?.arguments).toMatchObject([
      {
        method: "POST",
        headers: [{ value: "Bearer [secret api_key]" }],
        body: { $bytes: { text: "first order" } },
      },
    ]);
    expect(fetched?.result).toMatchObject({
      status: 200,
      body: { $bytes: { text: expect.stringMatching(/^order \d+$/) } },
    });
    expect(missing).toMatchObject({ outcome: "refusal", code: "missing" });
    for (const call of detail.host_calls)
      expect(call.start_ms + call.duration_ms).toBeLessThanOrEqual(record.usage?.duration_ms ?? 0);
    const starts = detail.host_calls.map(({ start_ms }) => start_ms);
    expect(starts).toEqual(starts.toSorted((one, other) => one - other));
  });

  it("tells the guest's time from the host's, and both are within the execution", async () => {
    const { record, detail } = await execution("/all", "times");
    const { duration_ms = 0, guest_ms = 0, host_ms = 0 } = record.usage ?? {};
    expect(guest_ms).toBeGreaterThan(0);
    expect(host_ms).toBeGreaterThan(0);
    expect(guest_ms + host_ms).toBeLessThanOrEqual(duration_ms);
    const sum = detail.host_calls.reduce((total, call) => total + call.duration_ms, 0);
    expect(sum).toBeCloseTo(host_ms, 3);
  });

  it("is kept of an execution that was killed, with the call that it hung in", async () => {
    const { detail, record, result } = await execution("/hang");
    expect(result.error?.code).toBe("timeout");
    const [log, hung] = detail.host_calls;
    expect(log).toMatchObject({ function: "logInfo", outcome: "value" });
    expect(hung).toMatchObject({ function: "fetch", outcome: "unfinished" });
    const time = detail.limits.find(({ limit }) => limit === "timeout_ms");
    expect(time).toMatchObject({ hit: true, allowed: 4_000 });
    // Most of the time went into the call, and none of it is the guest's.
    expect(record.usage?.host_ms).toBeGreaterThan(record.usage?.guest_ms ?? Number.POSITIVE_INFINITY);
    await expect(opened.workbench.recordings.replay(record.id)).rejects.toMatchObject({
      code: "replay_interrupted",
    });
  });

  it("stops at its cap and counts what comes after", async () => {
    const { detail } = await execution("/many");
    expect(detail.host_calls).toHaveLength(1_000);
    expect(detail.host_calls_dropped).toBe(200);
    expect(detail.replay).toMatchObject({ possible: false, code: "replay_values_truncated" });
  });

  it("holds no spelling of a secret anywhere in the database", async () => {
    const basic = Buffer.from(`user:${SECRET}`).toString("base64");
    await execution("/all", "what is stored");
    const posted = await execution("/nowhere", `posted ${SECRET} and Basic ${basic}`);
    const echoed = await execution("/echo");
    const logged = await execution("/log");
    expect(logged.detail.host_calls[1]?.arguments).toEqual(["the secret is [secret api_key]"]);
    expect(echoed.detail.host_calls[1]?.result).toMatchObject({
      body: { $bytes: { text: "you sent [secret api_key]" } },
    });
    expect(posted.detail.replay).toMatchObject({ possible: false, code: "replay_request_missing" });
    opened.workbench.recordings.flush();
    const spellings = [
      SECRET,
      encodeURIComponent(SECRET),
      // Without the characters that it shares with its neighbours.
      basic.slice(8, -4),
      Buffer.from(SECRET).toString("hex"),
    ];
    const files = ["workbench.sqlite", "workbench.sqlite-wal"].map((name) => readFileSync(join(home, name)));
    const found = spellings.filter((spelling) => files.some((file) => file.includes(spelling)));
    expect(found).toEqual([]);
  });
});

describe("a replay", () => {
  it("gives the same answer, the same fuel and the same calls, and reaches nothing", async () => {
    const { record } = await execution("/all", "replay me");
    const lines = () => opened.workbench.logs.query({ request_id: record.request_id }).items.length;
    const before = { requests: opened.seen.length, lines: lines() };
    const report = await opened.workbench.recordings.replay(record.id);
    expect(report).toMatchObject({ same: true, divergences: [], recorded: { host_calls: 6 } });
    expect(report.replayed).toEqual(report.recorded);
    expect({ requests: opened.seen.length, lines: lines() }).toEqual(before);
  });

  it("names the first call at which another version departs", async () => {
    const { record } = await execution("/all", "again");
    const report = await opened.workbench.recordings.replay(record.id, { version: "1.1.0" });
    expect(report.same).toBe(false);
    expect(report.divergences[0]).toMatchObject({ what: "host_call", call: 5, part: "arguments" });
  });

  it("refuses what the record does not hold, and says why", async () => {
    const { recordings, installSecrets } = opened.workbench;
    const secretInAnswer = await execution("/echo");
    await expect(recordings.replay(secretInAnswer.record.id)).rejects.toMatchObject({
      code: "replay_secret_redacted",
    });
    const { record } = await execution("/all", "before the change");
    installSecrets.put(record.install_id, "api_key", "another value");
    await expect(recordings.replay(record.id)).rejects.toMatchObject({ code: "replay_secret_changed" });
  });
});
