import { dataVersionOf } from "./data-version.ts";
import type { Database } from "./database.ts";

/** Prepares a statement that changes what is remembered. */
export type PrepareWrite = (sql: string) => { run(...parameters: unknown[]): void };

/**
 * Tells whether a feature's own tables may have changed: by another connection, which SQLite counts, or by this one,
 * which it does not, so that its writes are counted here.
 */
export interface Revision {
  readonly prepareWrite: PrepareWrite;
  /** The same text as long as nothing changed. */
  current(): string;
}

export function createRevision(database: Database): Revision {
  const others = dataVersionOf(database);
  let own = 0;
  return {
    prepareWrite(sql) {
      const statement = database.prepare(sql);
      return {
        run(...parameters) {
          own += 1;
          statement.run(...parameters);
        },
      };
    },
    current: () => `${others()}:${own}`,
  };
}
