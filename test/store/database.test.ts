import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import BetterSqlite3 from "better-sqlite3";
import { describe, expect, it, onTestFinished } from "vitest";
import { openDatabase, systemFailure } from "../../core/store/index.ts";
import { tempFolder } from "../support/temp.ts";

const isPosix = process.platform !== "win32";

function open(file: string) {
  const database = openDatabase(file);
  onTestFinished(() => void database.close());
  return database;
}

function thrown(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}

/** A table of a thousand rows, so that there are pages to spoil. */
function filledFile(): string {
  const file = join(tempFolder(), "workbench.sqlite");
  const database = openDatabase(file);
  const insert = database.prepare("INSERT INTO setting (key, value) VALUES (?, ?)");
  for (let row = 0; row < 1_000; row += 1) insert.run(`key ${row}`, "x".repeat(100));
  database.close();
  return file;
}

describe("the database", () => {
  it.runIf(isPosix)("is its owner's alone with all its files, also when it was not before", () => {
    const file = join(tempFolder(), "home", "workbench.sqlite");
    openDatabase(file).close();
    chmodSync(file, 0o644);
    open(file).exec("CREATE TABLE made (id INTEGER) STRICT");
    for (const suffix of ["", "-wal", "-shm"]) expect(statSync(file + suffix).mode & 0o777).toBe(0o600);
    expect(statSync(join(file, "..")).mode & 0o777).toBe(0o700);
  });

  it("of a newer workbench is refused and left as it is", () => {
    const file = join(tempFolder(), "workbench.sqlite");
    const newer = new BetterSqlite3(file);
    newer.pragma("user_version = 99");
    newer.close();
    expect(thrown(() => openDatabase(file))).toMatchObject({ code: "database_too_new", kind: "environment" });
    const reopened = new BetterSqlite3(file);
    expect(reopened.pragma("user_version", { simple: true })).toBe(99);
    reopened.close();
  });

  it("that is none is refused with its path, whatever is there instead", () => {
    const folder = tempFolder();
    const text = join(folder, "text");
    writeFileSync(text, "not a database, but long enough to be read as one ".repeat(100));
    const directory = join(folder, "directory");
    mkdirSync(directory);
    const underFile = join(text, "workbench.sqlite");
    for (const file of [text, directory, underFile]) {
      const error = thrown(() => openDatabase(file));
      expect(error).toMatchObject({ code: "database_unusable", kind: "environment" });
      expect(String(error)).toContain(file);
    }
    expect(readFileSync(text, "utf8")).toContain("not a database");
  });
});

describe("what SQLite says in the middle of something", () => {
  it("is told as damage when pages are spoilt", () => {
    const file = filledFile();
    const bytes = readFileSync(file);
    bytes.fill(0xa5, 4_096);
    writeFileSync(file, bytes);
    const error = thrown(() => open(file).prepare("SELECT count(*), max(value) FROM setting").all());
    expect(systemFailure(error)).toMatchObject({ code: "database_corrupt", kind: "environment" });
  });

  it("is told as a full disk when it may grow no further", () => {
    const database = open(filledFile());
    database.pragma(`max_page_count = ${Number(database.pragma("page_count", { simple: true }))}`);
    const insert = database.prepare("INSERT INTO setting (key, value) VALUES (?, ?)");
    const error = thrown(() => insert.run("large", "x".repeat(1_000_000)));
    expect(systemFailure(error)).toMatchObject({ code: "store_full", kind: "environment" });
  });

  it("is told as another process's lock, and as a lack of rights", () => {
    const file = filledFile();
    const writer = open(file);
    writer.exec("BEGIN IMMEDIATE");
    const other = new BetterSqlite3(file, { timeout: 0 });
    const reader = new BetterSqlite3(file, { readonly: true });
    onTestFinished(() => void [other, reader].map((database) => database.close()));
    const write = "INSERT INTO setting (key, value) VALUES ('a', 'b')";
    expect(systemFailure(thrown(() => other.exec(write)))).toMatchObject({ code: "database_busy" });
    expect(systemFailure(thrown(() => reader.exec(write)))).toMatchObject({ code: "database_unusable" });
  });

  it("is left alone when it is a defect of ours", () => {
    const error = thrown(() => open(filledFile()).exec("SELECT nonsense FROM nowhere"));
    expect(systemFailure(error)).toBeUndefined();
    expect(systemFailure(new Error("x"))).toBeUndefined();
  });
});
