import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { NO_USAGE } from "../../core/contract/execute.ts";
import type { ExecutionEnd, ExecutionFilter } from "../../core/contract/execution-record.ts";
import { createExecutionLog, type ExecutionLogOptions, LogError } from "../../core/logs/index.ts";
import { openDatabase } from "../../core/store/index.ts";
import { executionStart } from "../support/execution-start.ts";
import { tempFolder } from "../support/temp.ts";

const succeeded: ExecutionEnd = {
  outcome: "succeeded",
  status: 200,
  usage: { ...NO_USAGE, duration_ms: 1.5, fuel: 10_000_000_000 },
  trace: [{ rule: "install", outcome: "allow", detail: "ok", source: "default" }],
};
const refused: ExecutionEnd = {
  outcome: "refused",
  status: 403,
  code: "forbidden",
  usage: NO_USAGE,
  trace: [],
};

function open(options: Partial<ExecutionLogOptions> = {}) {
  const database = options.database ?? openDatabase(join(tempFolder(), "workbench.sqlite"));
  const time = { now: Date.parse("2026-03-01T12:00:00.000Z") };
  const log = createExecutionLog({ database, clock: { now: () => new Date(time.now) }, ...options });
  return { log, time, database };
}

describe("a row", () => {
  test("is running from begin to finish and then holds how it ended", async () => {
    const { log, time } = open();
    await log.begin(executionStart("a"));
    expect(log.get("a")).toMatchObject({
      outcome: "running",
      started_at: "2026-03-01T12:00:00.000Z",
      trace: [],
    });
    expect(log.get("a")).not.toHaveProperty("usage");
    time.now += 20;
    await log.finish("a", succeeded);
    expect(log.get("a")).toEqual({
      ...executionStart("a"),
      ...succeeded,
      started_at: "2026-03-01T12:00:00.000Z",
      finished_at: "2026-03-01T12:00:00.020Z",
    });
  });

  test("is finished once", async () => {
    const { log } = open();
    await log.begin(executionStart("a"));
    await log.finish("a", succeeded);
    await log.finish("a", refused);
    expect(log.get("a")?.outcome).toBe("succeeded");
  });

  test("of a refusal is written in one go", async () => {
    const { log } = open();
    await log.record(executionStart("a"), refused);
    expect(log.get("a")).toMatchObject({ outcome: "refused", code: "forbidden", status: 403 });
  });

  test("is found by its id, else by the newest with that request id", async () => {
    const { log, time } = open();
    await log.record(executionStart("a", { request_id: "same" }), refused);
    time.now += 1;
    await log.record(executionStart("b", { request_id: "same" }), refused);
    expect(log.find("same")?.id).toBe("b");
    expect(log.find("a")?.id).toBe("a");
    expect(log.find("nothing")).toBeUndefined();
  });
});

describe("what a dead host left running", () => {
  test("is marked interrupted; rows of a live process stay", async () => {
    // A real process that has ended, and one that lives: this test's parent.
    const child = spawn(process.execPath, ["-e", ""]);
    const deadPid = child.pid ?? 0;
    await once(child, "exit");
    const { database } = open();
    await open({ database, pid: deadPid }).log.begin(executionStart("dead"));
    await open({ database, pid: process.ppid }).log.begin(executionStart("alive"));
    const earlierLife = open({ database }).log;
    await earlierLife.begin(executionStart("ours"));
    await earlierLife.begin(executionStart("done"));
    await earlierLife.finish("done", succeeded);

    const { log } = open({ database });
    expect(log.interruptLeftovers()).toBe(2);
    const outcomes = Object.fromEntries(log.list().items.map(({ id, outcome }) => [id, outcome]));
    expect(outcomes).toEqual({
      dead: "interrupted",
      ours: "interrupted",
      alive: "running",
      done: "succeeded",
    });
    expect(log.get("dead")?.finished_at).toBeDefined();
  });

  test("is marked even when its process id was given to another process, once no call can run that long", async () => {
    const { log, database, time } = open({ pid: 1 });
    await log.begin(executionStart("a"));
    const clock = { now: () => new Date(time.now) };
    const other = createExecutionLog({ database, clock, pid: 2, isAlive: () => true });
    expect(other.interruptLeftovers()).toBe(0);
    time.now += 60 * 60_000;
    expect(other.interruptLeftovers()).toBe(1);
    expect(log.get("a")?.outcome).toBe("interrupted");
  });
});

describe("a list", () => {
  async function filled() {
    const opened = open();
    for (let n = 0; n < 7; n += 1) {
      // Two rows share each millisecond, so that the id must break the tie.
      opened.time.now = Date.parse("2026-03-01T12:00:00.000Z") + Math.floor(n / 2);
      await opened.log.record(
        executionStart(`e${n}`, {
          tenant_id: n % 2 === 0 ? "t1" : "t2",
          version_id: n < 3 ? "v1" : "v2",
          path: n === 5 ? "/100%_done" : `/items/${n}`,
        }),
        n === 4 ? refused : succeeded,
      );
    }
    return opened;
  }
  const ids = (page: { items: { id: string }[] }) => page.items.map(({ id }) => id);

  test("is newest first and pages through everything once, also while rows are added", async () => {
    const { log, time } = await filled();
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = log.list({ limit: 3, ...(cursor === undefined ? {} : { cursor }) });
      seen.push(...ids(page));
      cursor = page.next;
      time.now += 10;
      await log.record(executionStart(`late-${seen.length}`), succeeded);
    } while (cursor !== undefined);
    expect(seen).toEqual(["e6", "e5", "e4", "e3", "e2", "e1", "e0"]);
  });

  test("has no next when the page ends exactly at the last row", async () => {
    expect((await filled()).log.list({ limit: 7 }).next).toBeUndefined();
  });

  test.each([
    [{ tenant_id: "t2" }, ["e5", "e3", "e1"]],
    [{ version_id: "v1" }, ["e2", "e1", "e0"]],
    [{ outcome: "refused" }, ["e4"]],
    [{ code: "forbidden" }, ["e4"]],
    [{ status: 403 }, ["e4"]],
    [{ status: 200, tenant_id: "t1", version_id: "v2" }, ["e6"]],
    [{ request_id: "request-e2" }, ["e2"]],
    [{ extension: "com.acme.hello", tenant_id: "t2", version_id: "v1" }, ["e1"]],
    [{ extension: "i1", limit: 1 }, ["e6"]],
    [{ extension: "other" }, []],
    [{ since: "2026-03-01T12:00:00.002Z" }, ["e6", "e5", "e4"]],
    [{ until: "2026-03-01T13:00:00.001+01:00" }, ["e1", "e0"]],
    [{ text: "ITEMS/3" }, ["e3"]],
    [{ text: "%_" }, ["e5"]],
    [{ text: "\\" }, []],
    [{ text: "forbid" }, ["e4"]],
    [{ text: "request-e2" }, ["e2"]],
    [{ text: "quest-e2" }, []],
    [{ text: "items", since: "2026-03-01T12:00:00.002Z", outcome: "succeeded" }, ["e6"]],
  ] as const)("with %j answers %j", async (filter, expected) => {
    expect(ids((await filled()).log.list(filter))).toEqual(expected);
  });

  test.each([
    [{ cursor: "nonsense" }, "cursor_invalid"],
    [{ cursor: Buffer.from('["a"]').toString("base64url") }, "cursor_invalid"],
    [{ limit: 0 }, "filter_invalid"],
    [{ limit: 501 }, "filter_invalid"],
    [{ since: "yesterday" }, "filter_invalid"],
    [{ "1=1; --": "x" }, "filter_invalid"],
  ])("refuses %j with %s", async (given, code) => {
    const { log } = await filled();
    // What comes from outside does not keep to the types.
    const filter = given as ExecutionFilter;
    expect(() => log.list(filter)).toThrow(LogError);
    expect(() => log.list(filter)).toThrow(expect.objectContaining({ code }));
  });

  test("prune removes the old and what is beyond the cap, and what only they used, never what runs", async () => {
    const { log, time, database } = await filled();
    time.now = Date.parse("2026-01-01T00:00:00.000Z");
    await log.begin(executionStart("running"));
    const chunks = [...log.prune({ before: new Date("2026-03-01T12:00:00.001Z"), maxRows: 3 })];
    expect(chunks.reduce((sum, removed) => sum + removed, 0)).toBe(4);
    expect(ids(log.list())).toEqual(["e6", "e5", "e4", "running"]);
    const paths = database.prepare("SELECT path FROM extension_execution_path ORDER BY path").pluck().all();
    expect(paths).toEqual(["/100%_done", "/items", "/items/4", "/items/6"]);
    // What is gone is found no more, and what comes again under an old path is.
    expect(log.list({ text: "items/2" }).items).toEqual([]);
    await log.record(executionStart("again", { path: "/items/2" }), succeeded);
    expect(ids(log.list({ text: "items/2" }))).toEqual(["again"]);
    expect(ids(log.list({ outcome: "refused" }))).toEqual(["e4"]);
  });
});
