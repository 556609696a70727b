import { type Database, systemFailure } from "../store/index.ts";

/** Writes in one transaction: more would hold up the event loop and other processes' writers. */
const MAX_GROUP = 512;

export interface GroupCommit {
  /** Runs `write` with those of the same turn of the event loop; resolves when their transaction is committed. */
  commit(write: () => void): Promise<void>;
  /** Commits at once what waits. Failures go to whoever asked for the write. */
  flush(): void;
}

export interface GroupCommitOptions {
  database: Database;
  /** Calls back when the writes of this turn have been asked for. Default: `setImmediate`. */
  schedule?(flush: () => void): void;
  /** First in every transaction. */
  onBegin(): void;
  /** When a transaction was rolled back. */
  onRollback(): void;
  /** After every turn's commits. */
  onCommit(): void;
}

interface Waiting {
  readonly write: () => void;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * One transaction for everything that is written in a turn of the event loop: nobody is told before it is committed,
 * and a hundred calls at once cost one commit.
 */
export function createGroupCommit(options: GroupCommitOptions): GroupCommit {
  const { database, schedule = (flush) => void setImmediate(flush), onBegin, onRollback, onCommit } = options;
  const runAll = database.transaction((group: readonly Waiting[]) => {
    onBegin();
    for (const { write } of group) write();
  }).immediate;
  let waiting: Waiting[] = [];

  const commitGroup = (group: readonly Waiting[]): void => {
    try {
      runAll(group);
    } catch (error) {
      onRollback();
      fail(group, error);
      return;
    }
    for (const { resolve } of group) resolve();
  };
  const fail = (group: readonly Waiting[], error: unknown): void => {
    const failure = systemFailure(error);
    // A full disk fails all of them; one bad row must not take the others with it.
    if (failure === undefined && group.length > 1) for (const one of group) commitGroup([one]);
    else for (const { reject } of group) reject(failure ?? error);
  };
  const flush = (): void => {
    if (waiting.length === 0) return;
    const all = waiting;
    waiting = [];
    for (let start = 0; start < all.length; start += MAX_GROUP)
      commitGroup(all.slice(start, start + MAX_GROUP));
    onCommit();
  };

  return {
    commit: (write) =>
      new Promise((resolve, reject) => {
        if (waiting.length === 0) schedule(flush);
        waiting.push({ write, resolve, reject });
      }),
    flush,
  };
}
