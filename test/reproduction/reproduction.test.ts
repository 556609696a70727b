import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { KeptExchange } from "../../core/contract/execution-exchange.ts";
import { MAX_RECORDED_BODY_BYTES } from "../../core/contract/execution-recording.ts";
import { reproductionReportSchema, reproductionText } from "../../core/contract/reproduction.ts";
import { reproductionOf } from "../../core/reproduction/index.ts";
import { NAME, openRecordedWorkbench, SECRET } from "../recording/recorded-workbench.ts";
import { workbench } from "../support/command-line.ts";
import { suiteFolder } from "../support/temp.ts";

const folder = suiteFolder();
const home = join(folder, "home");
let opened: Awaited<ReturnType<typeof openRecordedWorkbench>>;
beforeAll(async () => {
  opened = await openRecordedWorkbench(home);
}, 120_000);
afterAll(() => opened.close());

const reproductions = () => opened.workbench.reproductions;

async function called(path: string, body?: string): Promise<string> {
  const { execution_id: id } = await opened.call(path, body);
  if (id === undefined) throw new Error("the call left no row");
  return id;
}

/** A call that the gateway refuses, so that nothing but its row is recorded. */
async function refused(): Promise<{ id: string; persona: string }> {
  const { tenants } = opened.workbench;
  const client = tenants.personas.list(opened.tenantId).find(({ user }) => user.user_type === "client");
  const { status, execution_id: id = "" } = await opened.workbench.call({
    tenantId: opened.tenantId,
    personaId: client?.id,
    ref: NAME,
    method: "POST",
    path: "/log?a=1",
    headers: [],
    body: Buffer.from("typed"),
  });
  expect(status).toBe(403);
  return { id, persona: client?.id ?? "" };
}

describe("a reproduction of a recorded call", () => {
  it("holds what the extension was asked, by whom and how it ended, and nothing of this call alone", async () => {
    const made = reproductions().of(await called("/log", "hello"));
    expect(made).toMatchObject({
      extension: NAME,
      extension_version: "1.0.0",
      content_hash: expect.stringMatching(/^sha256:/),
      request: { method: "POST", path: "/log", query: expect.stringMatching(/^\?port=/), body: "hello" },
      as: { user_type: "internal", roles: ["read", "write"] },
      outcome: { outcome: "succeeded", status: 200, body: { size: 2 } },
      omitted: [],
    });
    expect(made.request.headers.map(({ name }) => name)).toEqual([]);
    expect(made.outcome).not.toHaveProperty("code");
  });

  it("is the same again, with the recorded kind of persona", async () => {
    const made = reproductions().of(await called("/log", "hello"));
    const report = await reproductions().reproduce(made, { tenantId: opened.tenantId });
    expect(report).toMatchObject({
      same: true,
      differences: [],
      version: { recorded: "1.0.0", installed: "1.0.0" },
    });
    expect(opened.workbench.executions.find(report.execution_id ?? "")?.path).toBe("/log");
  });

  it("says what differs", async () => {
    const made = reproductions().of(await called("/log"));
    const report = await reproductions().reproduce(
      { ...made, outcome: { outcome: "failed", status: 502, code: "bad_handler" } },
      { tenantId: opened.tenantId },
    );
    expect(report.same).toBe(false);
    expect(report.differences).toEqual([
      { what: "outcome", expected: "failed", actual: "succeeded" },
      { what: "status", expected: 502, actual: 200 },
      { what: "code", expected: "bad_handler", actual: undefined },
    ]);
  });

  it("keeps bytes that are no text", async () => {
    const { execution_id: id = "" } = await opened.workbench.call({
      tenantId: opened.tenantId,
      ref: NAME,
      method: "POST",
      path: "/log",
      headers: [{ name: "content-type", value: "image/png" }],
      body: Uint8Array.of(0xff, 0xfe, 0),
    });
    expect(reproductions().of(id).request).toMatchObject({
      body_b64: "//4A",
      headers: [{ name: "content-type", value: "image/png" }],
    });
  });

  it("has no secret in it, says so, and is not sent by itself without what was taken out", async () => {
    const made = reproductions().of(await called("/log", `key=${SECRET}`));
    expect(reproductionText(made)).not.toContain(SECRET);
    expect(made.omitted).toMatchObject([{ part: "body", reason: "secret" }]);
    const options = { tenantId: opened.tenantId };
    await expect(reproductions().reproduce(made, options)).rejects.toMatchObject({
      code: "reproduction_incomplete",
      kind: "refused",
      details: { omitted: made.omitted },
    });
    expect(await reproductions().reproduce(made, { ...options, partial: true })).toMatchObject({
      same: true,
    });
  });

  it("says that a body was too large to be kept", async () => {
    const made = reproductions().of(await called("/log", "x".repeat(MAX_RECORDED_BODY_BYTES + 1)));
    expect(made.omitted).toEqual([
      {
        part: "body",
        reason: "too_large",
        size: MAX_RECORDED_BODY_BYTES + 1,
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
    ]);
  });
});

describe("a reproduction of a refused call", () => {
  it("is completed by what the window kept, without its credentials, its marks and its tenant", async () => {
    const { id, persona } = await refused();
    const kept: KeptExchange = {
      path: `/log?a=1&key=${encodeURIComponent(SECRET)}`,
      request_headers: ["Authorization", "x-api-key", "x-request-id", "X-Tenant-Id", "Accept"].map(
        (name) => ({
          name,
          value: "v",
        }),
      ),
      request_body: "typed",
      request_body_cut: true,
      persona_id: persona,
    };
    const made = reproductions().of(id, kept);
    expect(made.request).toEqual({
      method: "POST",
      path: "/log",
      query: "?a=1&key=%5Bsecret%20api_key%5D",
      headers: [{ name: "Accept", value: "v" }],
      body: "typed",
    });
    expect(made.as).toEqual({ user_type: "client" });
    expect(made.omitted).toEqual([
      { part: "body", reason: "too_large" },
      { part: "query", reason: "secret" },
    ]);
    const report = await reproductions().reproduce(made, { tenantId: opened.tenantId, partial: true });
    expect(report).toMatchObject({ same: true, reproduced: { status: 403, code: "forbidden" } });
  });

  it("says that nothing but the row was recorded, and that nobody is like the one who called", async () => {
    const made = reproductions().of((await refused()).id);
    expect(made.omitted).toEqual(
      ["query", "headers", "body", "persona"].map((part) => ({ part, reason: "not_recorded" })),
    );
    await expect(
      reproductions().reproduce(
        { ...made, omitted: [], as: { user_type: "internal", roles: [] } },
        { tenantId: opened.tenantId },
      ),
    ).rejects.toMatchObject({ code: "reproduction_persona_missing" });
  });
});

describe("a call of a schedule or an event, which is nobody's", () => {
  it("is not taken for one of the first persona", async () => {
    const id = await called("/log", "hello");
    const execution = opened.workbench.executions.find(id);
    const recording = opened.workbench.recordings.recording(id);
    if (execution === undefined || recording?.request === undefined) throw new Error("nothing was recorded");
    const { user: _, ...request } = recording.request;
    const made = reproductionOf({
      execution,
      recording: { ...recording, request },
      redact: (text) => text,
    });
    expect(made).not.toHaveProperty("as");
    expect(made.omitted).toEqual([{ part: "persona", reason: "not_recorded" }]);
    await expect(reproductions().reproduce(made, { tenantId: opened.tenantId })).rejects.toMatchObject({
      code: "reproduction_incomplete",
    });
  });
});

describe("on the command line", () => {
  const run = (...args: string[]) => workbench([...args, "--json"], { cwd: folder, home });

  it("a call is exported, sent again and compared, and the exit code says what came of it", async () => {
    const id = await called("/log", "hello");
    opened.workbench.executions.flush();
    opened.workbench.recordings.flush();
    const exported = await run("executions", "export", id, "--reproduction", "-o", "call.json");
    expect(exported, exported.stdout).toMatchObject({ code: 0 });
    const file = readFileSync(join(folder, "call.json"), "utf8");
    expect(JSON.parse(file)).toEqual(reproductions().of(id));

    const again = await run("reproduce", "call.json");
    expect(again, again.stdout).toMatchObject({ code: 0 });
    expect(reproductionReportSchema.parse(again.json()).same).toBe(true);

    writeFileSync(join(folder, "other.json"), file.replace('"status": 200', '"status": 201'));
    const other = await run("reproduce", "other.json");
    expect(other.code).toBe(1);
    expect(other.json()).toMatchObject({ differences: [{ what: "status", expected: 201, actual: 200 }] });

    const missing = file.replace('"omitted": []', '"omitted": [{"part": "body", "reason": "secret"}]');
    writeFileSync(join(folder, "half.json"), missing);
    const half = await run("reproduce", "half.json");
    expect(half.code).toBe(3);
    expect(half.json()).toMatchObject({ error: { code: "reproduction_incomplete" } });
  });

  it("what is no reproduction file, or no format, is refused", async () => {
    writeFileSync(join(folder, "hostile.json"), '{"format": "extension-workbench-reproduction"}');
    const hostile = await run("reproduce", "hostile.json");
    expect(hostile.code).toBe(1);
    expect(hostile.json()).toMatchObject({ error: { code: "reproduction_invalid" } });
    expect((await run("executions", "export", "a")).code).toBe(2);
    expect((await run("executions", "export", "a", "b", "--reproduction")).code).toBe(2);
    expect((await run("executions", "export", "a", "--har")).code).toBe(2);
    const unknown = await run("executions", "export", "nothing", "--reproduction");
    expect(unknown.json()).toMatchObject({ error: { code: "execution_not_found" } });
  });
});
