import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { NO_USAGE } from "../../core/contract/execute.ts";
import { LIVE_TYPES, type LiveFilter, type LivePosition } from "../../core/contract/live-stream.ts";
import type { LogEvent } from "../../core/contract/log-event.ts";
import { createExecutionLog, createLiveStream, createLogBook } from "../../core/logs/index.ts";
import { systemClock } from "../../core/platform/clock.ts";
import { openDatabase } from "../../core/store/index.ts";
import { executionStart } from "../support/execution-start.ts";
import { tempFolder } from "../support/temp.ts";

const MIB = 1024 * 1024;
const EVERYTHING: LiveFilter = { types: LIVE_TYPES };

function event(message: string): LogEvent {
  return {
    ts: "2026-03-01T12:00:00.000Z",
    level: "info",
    stream: "log",
    tenant_id: "t1",
    extension_id: "r1",
    install_id: "i1",
    request_id: "q1",
    version_id: "v1",
    content_hash: "sha256:0",
    message,
    truncated: false,
  };
}

const end = {
  outcome: "succeeded" as const,
  status: 200,
  usage: NO_USAGE,
  trace: [{ rule: "install", outcome: "allow" as const, detail: "ok", source: "default" }],
};

function open() {
  const file = join(tempFolder(), "workbench.sqlite");
  const database = openDatabase(file);
  const book = createLogBook({ database });
  const executions = createExecutionLog({ database, clock: systemClock });
  return { file, book, executions, live: createLiveStream({ logs: book, executions }) };
}

/** A reader that takes what it is told to take. */
function read(live: ReturnType<typeof open>["live"], filter = EVERYTHING, after?: LivePosition) {
  const stop = new AbortController();
  const frames = live.open(filter, { after, signal: stop.signal })[Symbol.asyncIterator]();
  let next = frames.next();
  const seen: string[] = [];
  return {
    seen,
    bytes: () => seen.reduce((sum, one) => sum + one.length, 0),
    async until(pattern: RegExp): Promise<string> {
      for (;;) {
        const { value, done } = await next;
        if (done === true) throw new Error(`The stream ended before ${pattern}.`);
        next = frames.next();
        seen.push(new TextDecoder().decode(value));
        if (pattern.test(seen.at(-1) ?? "")) return seen.join("");
      }
    },
    messages: () => [...seen.join("").matchAll(/"message":"([^"]*)"/g)].map(([, message]) => message),
    lastId: () => [...seen.join("").matchAll(/^id: (.*)$/gm)].at(-1)?.[1],
    async stop() {
      stop.abort();
      await next;
    },
  };
}

function numbered(count: number, from = 0, text = ""): LogEvent[] {
  return Array.from({ length: count }, (_, index) => event(`line ${from + index}${text}`));
}

describe("the live stream", () => {
  test("gives what is written from now on, once and in order, also what another process writes", async () => {
    const { file, book, executions, live } = open();
    book.append([event("before")]);
    const reader = read(live);
    book.append(numbered(3));
    createLogBook({ database: openDatabase(file) }).append(numbered(2, 3));
    book.append(numbered(2_000, 5));
    await executions.begin(executionStart("a"));
    await executions.finish("a", end);
    const text = await reader.until(/event: execution\ndata: .*"succeeded"/);
    expect(reader.messages()).toEqual(numbered(2_005).map(({ message }) => message));
    expect(text).toMatch(/event: execution\ndata: [^\n]*"running"/);
    expect(text).toMatch(/event: decision\ndata: \{"execution_id":"a".*\n\nid: .*\nevent: execution/);
    await reader.stop();
  });

  test("gives what another process writes between two lines of the same batch", async () => {
    const { file, book, live } = open();
    const other = createLogBook({ database: openDatabase(file) });
    const reader = read(live);
    book.append(numbered(1));
    await reader.until(/line 0/);
    // One of them may go out at once; those after it wait for the next batch together.
    for (const line of [1, 2]) book.append(numbered(1, line));
    other.append(numbered(1, 3));
    book.append([event("last")]);
    await reader.until(/"last"/);
    expect(reader.messages()).toEqual([...numbered(4).map(({ message }) => message), "last"]);
    await reader.stop();
  });

  test("gives one batch of what many small writes brought meanwhile, the same to every reader of a filter", async () => {
    const { book, live } = open();
    const everything = [read(live), read(live)];
    const warnings = read(live, { types: ["log"], min_level: "warn" });
    book.append([event("first")]);
    for (const reader of everything) await reader.until(/"first"/);
    for (let line = 0; line < 40; line += 1) book.append([event(`line ${line}`)]);
    book.append([{ ...event("last"), level: "warn" }]);
    for (const reader of everything) {
      await reader.until(/"last"/);
      // The first, perhaps one at once, and one with all that came before the next batch was due.
      expect(reader.seen.length).toBeLessThanOrEqual(3);
      expect(reader.messages()).toEqual(["first", ...numbered(40).map(({ message }) => message), "last"]);
    }
    await warnings.until(/"last"/);
    expect(warnings.messages()).toEqual(["last"]);
    for (const each of [...everything, warnings]) await each.stop();
  });

  test("resumes after an id without losing or repeating, while more is written", async () => {
    const { book, executions, live } = open();
    book.append(numbered(1_200));
    for (const id of ["a", "b"]) await executions.record(executionStart(id), end);
    const reader = read(live, EVERYTHING, { log: 100, execution: 1 });
    const writing = setInterval(() => book.append(numbered(7, 5_000)), 1);
    await reader.until(/line 5006/);
    clearInterval(writing);
    book.append([event("last")]);
    const text = await reader.until(/"last"/);
    const ids = [...text.matchAll(/^id: (\d+)\.\d+\ndata: /gm)].map(([, id]) => Number(id));
    expect(ids).toEqual(Array.from({ length: ids.length }, (_, index) => 101 + index));
    expect(text.match(/event: execution/g)).toHaveLength(1);
    expect(reader.lastId()).toBe(`${ids.at(-1)}.2`);
    await reader.stop();
  });

  test("tells a slow reader what it missed, keeps within its bound, and does not slow the others", async () => {
    const { book, live } = open();
    const slow = read(live);
    const quick = read(live);
    const filler = "x".repeat(4_000);
    for (let batch = 0; batch < 10; batch += 1) {
      book.append(numbered(500, batch * 500, filler));
      await quick.until(new RegExp(`line ${batch * 500 + 499}x`));
    }
    expect(quick.seen.join("")).not.toContain("event: gap");
    const text = await slow.until(/event: gap/);
    expect(slow.bytes()).toBeLessThan(11 * MIB);
    const gap = JSON.parse(/event: gap\ndata: (.*)\n/.exec(text)?.[1] ?? "");
    const seen = slow.messages().length;
    expect(gap).toEqual({ from: `${seen}.0`, to: "5000.0", missed: 5_000 - seen });
    // What was missed can be asked for by the id before the gap; then the stream goes on.
    book.append([event("after")]);
    await slow.until(/"after"/);
    expect(slow.messages()).toHaveLength(seen + 1);
    for (const each of [slow, quick]) await each.stop();
  });

  test("tells a reader that resumes before what retention has kept", async () => {
    const { book, live } = open();
    book.append(numbered(10));
    for (const _ of book.prune({ before: new Date(0), maxRows: 4 }));
    const reader = read(live, EVERYTHING, { log: 2, execution: 0 });
    const text = await reader.until(/line 9/);
    expect(text).toContain('id: 6.0\nevent: gap\ndata: {"from":"2.0","to":"6.0"}');
    expect(reader.messages()).toEqual(["line 6", "line 7", "line 8", "line 9"]);
    await reader.stop();
  });
});
