import type { Database } from "./database.ts";
import type { Revision } from "./revision.ts";

export interface RememberedReadsOptions<T> {
  readonly database: Database;
  readonly revision: Pick<Revision, "current">;
  /** Keys remembered at once; beyond, all are forgotten. */
  readonly max: number;
  /** Whether what was read depends on the revision's tables alone. Default: it does. */
  keeps?(value: T): boolean;
}

/**
 * Remembers what every call reads, until anything of it may have changed. Not remembered: what a transaction reads (it
 * may be rolled back) and misses (their keys are the caller's, and endless). Values must not be changed by who gets them.
 */
export function rememberReads<T>(
  { database, revision, max, keeps = () => true }: RememberedReadsOptions<T>,
  read: (key: string) => T | undefined,
): (key: string) => T | undefined {
  const known = new Map<string, T>();
  let seen = "";
  return (key) => {
    if (database.inTransaction) return read(key);
    // Asked before the row is read: a change in between makes the entry old, never young.
    const now = revision.current();
    if (now !== seen || known.size >= max) {
      known.clear();
      seen = now;
    }
    const remembered = known.get(key);
    if (remembered !== undefined) return remembered;
    const found = read(key);
    if (found !== undefined && keeps(found)) known.set(key, found);
    return found;
  };
}
