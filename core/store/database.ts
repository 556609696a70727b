import { chmodSync, closeSync, mkdirSync, openSync, statSync } from "node:fs";
import { dirname } from "node:path";
import BetterSqlite3 from "better-sqlite3";
import { StoreError } from "./errors.ts";
import { reasonOf } from "./file-failure.ts";
import { MIGRATIONS } from "./migrations/index.ts";
import { systemFailure } from "./system-failure.ts";

export type Database = BetterSqlite3.Database;

/** How long a writer waits for another process (a running `serve` beside a command) before it gives up. */
const BUSY_TIMEOUT_MS = 10_000;
/** The indices of a log of a million rows are written at random places: with SQLite's own 2 MiB each is read again. */
const CACHE_KIB = 32 * 1024;
/**
 * 64 MiB between checkpoints: a page that many rows touch is then written once for all of them, and one call in a
 * thousand waits for the disk in place of one in three hundred.
 */
const CHECKPOINT_PAGES = 16_000;
const OWNER_ONLY = 0o600;
const OTHERS = 0o077;
const OWNER_ONLY_FOLDER = 0o700;

/**
 * Opens the workbench's one SQLite file and brings its schema up to date.
 * `:memory:` is not accepted: tests use a temporary file, as users do.
 */
export function openDatabase(file: string): Database {
  let database: Database | undefined;
  try {
    mkdirSync(dirname(file), { recursive: true, mode: OWNER_ONLY_FOLDER });
    makePrivate(file);
    database = new BetterSqlite3(file, { timeout: BUSY_TIMEOUT_MS });
    database.pragma("journal_mode = WAL");
    database.pragma("foreign_keys = ON");
    database.pragma("synchronous = NORMAL");
    database.pragma(`cache_size = -${CACHE_KIB}`);
    database.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
    migrate(database);
    return database;
  } catch (error) {
    database?.close();
    throw openFailure(file, error);
  }
}

/**
 * What extensions stored and logged is nobody else's business. SQLite gives its other files the mode of this one.
 * A file that is there is not opened for that: closing it again would drop the locks of this process's connections.
 */
function makePrivate(file: string): void {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined) closeSync(openSync(file, "a", OWNER_ONLY));
  // Only the owner may change a mode; what another owner shares with us stays as they set it.
  else if (
    process.platform !== "win32" &&
    found.isFile() &&
    found.uid === process.getuid?.() &&
    (found.mode & OTHERS) !== 0
  )
    chmodSync(file, OWNER_ONLY);
}

function openFailure(file: string, error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  const known = systemFailure(error);
  return new StoreError({
    code: known?.code ?? "database_unusable",
    kind: "environment",
    message: `The database ${file} could not be opened.`,
    details: { reason: reasonOf(error) },
    hint:
      known?.hint ??
      "Check that the data folder is writable and the file is a workbench database, or give another --home.",
    cause: error,
  });
}

/** Applies every migration that the file has not seen, each in one transaction. */
function migrate(database: Database): void {
  const latest = MIGRATIONS.length;
  const apply = database.transaction(() => {
    const current = Number(database.pragma("user_version", { simple: true }));
    if (current > latest) {
      throw new StoreError({
        code: "database_too_new",
        kind: "environment",
        message: `The database was written by a newer workbench (schema ${current}, this one knows ${latest}).`,
        hint: "Update the workbench, or give another --home.",
      });
    }
    for (const sql of MIGRATIONS.slice(current)) database.exec(sql);
    database.pragma(`user_version = ${latest}`);
  });
  apply.immediate();
}
