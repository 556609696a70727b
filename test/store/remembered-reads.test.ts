import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createRevision, dataVersionOf, openDatabase, rememberReads } from "../../core/store/index.ts";
import { tempFolder } from "../support/temp.ts";
import { nextTurn } from "../support/turns.ts";

const SAVE =
  "INSERT INTO setting (key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value";

function open() {
  const file = join(tempFolder(), "workbench.sqlite");
  const database = openDatabase(file);
  const other = openDatabase(file);
  const revision = createRevision(database);
  const select = database.prepare<[string], string>("SELECT value FROM setting WHERE key = ?").pluck();
  let reads = 0;
  const read = rememberReads({ database, revision, max: 2 }, (key) => {
    reads += 1;
    return select.get(key);
  });
  return {
    database,
    read,
    reads: () => reads,
    save: revision.prepareWrite(SAVE),
    saveElsewhere: other.prepare<[string, string]>(SAVE),
  };
}

describe("what is remembered of the database", () => {
  test("is read once, and again after a write of this connection", () => {
    const { read, reads, save } = open();
    save.run("a", "1");
    expect([read("a"), read("a"), reads()]).toEqual(["1", "1", 1]);
    save.run("a", "2");
    expect([read("a"), reads()]).toEqual(["2", 2]);
  });

  test("is read again in the turn after a write of another connection", async () => {
    const { read, saveElsewhere } = open();
    saveElsewhere.run("a", "1");
    expect(read("a")).toBe("1");
    saveElsewhere.run("a", "2");
    await nextTurn();
    expect(read("a")).toBe("2");
  });

  test("is never what a transaction read that was rolled back", () => {
    const { database, read, save } = open();
    save.run("a", "1");
    const failing = database.transaction(() => {
      save.run("a", "2");
      expect(read("a")).toBe("2");
      throw new Error("rolled back");
    });
    expect(failing).toThrow("rolled back");
    expect(read("a")).toBe("1");
  });

  test("is no miss, and never more than its bound", () => {
    const { read, reads, save } = open();
    expect([read("a"), read("a"), reads()]).toEqual([undefined, undefined, 2]);
    for (const key of ["a", "b", "c"]) save.run(key, key);
    for (const key of ["a", "b", "c", "a"]) expect(read(key)).toBe(key);
    expect(reads()).toBe(6);
  });
});

describe("the version of the data", () => {
  test("is the same for all who ask in one turn, and another one in the turn after others wrote", async () => {
    const { database, saveElsewhere } = open();
    const ask = dataVersionOf(database);
    const before = ask();
    saveElsewhere.run("a", "1");
    expect(dataVersionOf(database)()).toBe(before);
    await nextTurn();
    const after = ask();
    expect(after).not.toBe(before);
    await nextTurn();
    expect(ask()).toBe(after);
  });

  test("is that of the transaction's own state within one", () => {
    const { database, saveElsewhere } = open();
    const ask = dataVersionOf(database);
    const before = ask();
    saveElsewhere.run("a", "1");
    expect(database.transaction(ask).immediate()).not.toBe(before);
  });
});
