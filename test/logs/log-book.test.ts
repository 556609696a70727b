import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { LogEvent } from "../../core/contract/log-event.ts";
import type { LogItem } from "../../core/contract/log-query.ts";
import { createLogBook } from "../../core/logs/index.ts";
import { openDatabase } from "../../core/store/index.ts";
import { tempFolder } from "../support/temp.ts";

function event(message: string, overrides: Partial<LogEvent> = {}): LogEvent {
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
    ...overrides,
  };
}

function open() {
  const file = join(tempFolder(), "workbench.sqlite");
  const database = openDatabase(file);
  return { file, database, book: createLogBook({ database }) };
}

const total = (chunks: Iterable<number>) => [...chunks].reduce((sum, removed) => sum + removed, 0);
const messages = (items: readonly LogItem[]) => items.map(({ message }) => message);

describe("the log book", () => {
  test("gives lines back as they were written, with rising ids", () => {
    const { book } = open();
    const hostile = event("\u0000\u001b[31m '; DROP TABLE x; --", {
      truncated: true,
      level: "error",
      stream: "stderr",
    });
    const written = book.append([event("one"), hostile]);
    expect(book.query().items).toEqual(written);
    expect(written).toEqual([
      { ...event("one"), id: 1 },
      { ...hostile, id: 2 },
    ]);
    expect(book.append([])).toEqual([]);
  });

  test("numbers the lines of a batch of any size one after the other, as they are stored", () => {
    const { book } = open();
    for (const size of [1, 9, 10, 11, 20, 37]) {
      const written = book.append(Array.from({ length: size }, (_, line) => event(`${line} of ${size}`)));
      const before = (written[0]?.id ?? 0) - 1;
      expect(written.map(({ id }) => id - before)).toEqual(written.map((_, index) => index + 1));
      expect(book.query({ after: before }).items).toEqual(written);
    }
    expect(book.newest()).toBe(88);
  });

  test("takes each install's secrets out of its lines, by one look at them for a batch", () => {
    const { database } = open();
    const looked: string[] = [];
    const book = createLogBook({
      database,
      redactorOf: (install) => {
        looked.push(install);
        return (text, isCut) => text.replace(isCut ? "hunt" : "hunter22", `[of ${install}]`);
      },
    });
    book.append([
      event("has hunter22"),
      event("has hunter22", { install_id: "i2" }),
      event("has hunt", { truncated: true }),
    ]);
    expect(messages(book.query().items)).toEqual(["has [of i1]", "has [of i2]", "has [of i1]"]);
    expect(looked).toEqual(["i1", "i2"]);
  });

  test("stores a batch whole or not at all", () => {
    const { book } = open();
    // A level that the types forbid, as a broken sender might have it.
    const broken = { ...event("bad"), message: null } as unknown as LogEvent;
    expect(() => book.append([event("good"), broken])).toThrow();
    expect(book.query().items).toEqual([]);
  });

  test("answers the newest lines in order, or those after an id", () => {
    const { book } = open();
    book.append(["a", "b", "c", "d"].map((message) => event(message)));
    expect(messages(book.query({ limit: 2 }).items)).toEqual(["c", "d"]);
    expect(messages(book.query({ after: 1, limit: 2 }).items)).toEqual(["b", "c"]);
    expect(messages(book.query({ after: 4 }).items)).toEqual([]);
  });

  test.each([
    [{ tenant_id: "t2" }, ["other tenant"]],
    [{ extension: "r9" }, ["other extension"]],
    [{ extension: "i9" }, ["other extension"]],
    [{ request_id: "q2" }, ["warned"]],
    [{ min_level: "warn" }, ["warned", "failed"]],
    [{ stream: "stderr" }, ["failed"]],
    [{ since: "2026-03-01T13:00:00Z" }, ["late"]],
    [{ until: "2026-03-01T13:00:00Z", text: "ER T" }, ["other tenant"]],
  ] as const)("filters by %j", (filter, expected) => {
    const { book } = open();
    book.append([
      event("other tenant", { tenant_id: "t2" }),
      event("other extension", { extension_id: "r9", install_id: "i9" }),
      event("warned", { level: "warn", request_id: "q2" }),
      event("failed", { level: "error", stream: "stderr" }),
      event("late", { ts: "2026-03-01T14:00:00.000Z" }),
    ]);
    expect(messages(book.query(filter).items)).toEqual(expected);
  });

  test("refuses a filter that it does not know", () => {
    const { book } = open();
    expect(() => book.query({ limit: 5_000 })).toThrow(
      expect.objectContaining({
        code: "filter_invalid",
        message: "The filter is invalid: limit: Too big: expected number to be <=1000.",
        details: { problems: ["limit: Too big: expected number to be <=1000"] },
      }),
    );
  });

  test("tells subscribers until they leave, and survives one that throws", () => {
    const { book } = open();
    const seen: string[] = [];
    book.subscribe(() => {
      throw new Error("broken reader");
    });
    const leave = book.subscribe((items) => seen.push(...messages(items)));
    book.append([event("a")]);
    leave();
    book.append([event("b")]);
    expect(seen).toEqual(["a"]);
    expect(messages(book.query().items)).toEqual(["a", "b"]);
  });

  test("prunes by age and by number, and keeps the newest so that ids never repeat", () => {
    const { book } = open();
    book.append(
      ["a", "b", "c", "d"].map((message, n) => event(message, { ts: `2026-03-0${n + 1}T00:00:00.000Z` })),
    );
    expect(total(book.prune({ before: new Date("2026-03-02T00:00:00.000Z"), maxRows: 3 }))).toBe(1);
    expect(total(book.prune({ before: new Date("2026-03-03T00:00:00.000Z"), maxRows: 100 }))).toBe(1);
    expect(total(book.prune({ before: new Date("2030-01-01T00:00:00.000Z"), maxRows: 100 }))).toBe(1);
    expect(book.append([event("e")])[0]?.id).toBe(5);
  });
});

describe("a tail", () => {
  async function collect(
    pages: AsyncIterable<readonly LogItem[]>,
    count: number,
    stop: AbortController,
  ): Promise<string[]> {
    const seen: string[] = [];
    for await (const page of pages) {
      seen.push(...messages(page));
      if (seen.length >= count) stop.abort();
    }
    return seen;
  }

  test("starts now and gives what is written from then on, once and in order", async () => {
    const { book } = open();
    book.append([event("before")]);
    const stop = new AbortController();
    const pages = book.tail({}, { signal: stop.signal });
    book.append([event("a")]);
    const seen = collect(pages, 3, stop);
    book.append([event("b"), event("c")]);
    expect(await seen).toEqual(["a", "b", "c"]);
  });

  test("resumes after an id", async () => {
    const { book } = open();
    book.append(["a", "b", "c"].map((message) => event(message)));
    const stop = new AbortController();
    expect(await collect(book.tail({}, { after: 1, signal: stop.signal }), 2, stop)).toEqual(["b", "c"]);
  });

  test("shows only what the filter allows", async () => {
    const { book } = open();
    const stop = new AbortController();
    const seen = collect(book.tail({ extension: "r2" }, { signal: stop.signal }), 2, stop);
    book.append([event("no"), event("a", { extension_id: "r2" })]);
    book.append([event("no")]);
    book.append([event("b", { extension_id: "r2" })]);
    expect(await seen).toEqual(["a", "b"]);
  });

  test("loses nothing when the reader is slower than the writers", async () => {
    const { book } = open();
    const stop = new AbortController();
    const pages = book.tail({}, { signal: stop.signal });
    const all = Array.from({ length: 2_345 }, (_, n) => `line ${n}`);
    for (let n = 0; n < all.length; n += 100)
      book.append(all.slice(n, n + 100).map((message) => event(message)));
    expect(await collect(pages, all.length, stop)).toEqual(all);
  });

  test("notices lines that another process wrote", async () => {
    const { book, file } = open();
    const stop = new AbortController();
    const seen = collect(book.tail({}, { signal: stop.signal }), 1, stop);
    createLogBook({ database: openDatabase(file) }).append([event("from elsewhere")]);
    expect(await seen).toEqual(["from elsewhere"]);
  });

  test("ends when its signal aborts while it waits", async () => {
    const { book } = open();
    const stop = new AbortController();
    const pages = book.tail({}, { signal: stop.signal })[Symbol.asyncIterator]();
    const next = pages.next();
    stop.abort();
    expect(await next).toEqual({ done: true, value: undefined });
  });
});
