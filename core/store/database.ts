import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import BetterSqlite3 from "better-sqlite3";
import { StoreError } from "./errors.ts";
import { MIGRATIONS } from "./migrations/index.ts";

export type Database = BetterSqlite3.Database;

/** How long a writer waits for another process (a running `serve` beside a command) before it gives up. */
const BUSY_TIMEOUT_MS = 10_000;

/**
 * Opens the workbench's one SQLite file and brings its schema up to date.
 * `:memory:` is not accepted: tests use a temporary file, as users do.
 */
export function openDatabase(file: string): Database {
  mkdirSync(dirname(file), { recursive: true });
  const database = new BetterSqlite3(file, { timeout: BUSY_TIMEOUT_MS });
  try {
    database.pragma("journal_mode = WAL");
    database.pragma("foreign_keys = ON");
    database.pragma("synchronous = NORMAL");
    migrate(database);
    return database;
  } catch (error) {
    database.close();
    throw error instanceof StoreError
      ? error
      : new StoreError({
          code: "database_unusable",
          kind: "environment",
          message: `The database ${file} could not be opened.`,
          hint: "Check that the data folder is writable and the file is a workbench database, or give another --home.",
          cause: error,
        });
  }
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
