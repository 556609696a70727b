import type { Database } from "../store/index.ts";
import type { RowKey } from "./merged-ranges.ts";

/** Rows removed in one transaction: writers and the event loop wait no longer than for these. */
const CHUNK_ROWS = 500;
/** Rows counted, and paths looked at, in one turn. */
const STEP_ROWS = 20_000;
const STEP_PATHS = 2_000;

export interface PrunePolicy {
  /** Older rows go. */
  readonly before: Date;
  /** So many of the newest stay. */
  readonly maxRows: number;
}

/** Removes rows chunk by chunk; yields after each how many have gone. What runs stays, and so does the newest row. */
export function createExecutionPruning(database: Database, forget: () => void) {
  const remove = database.prepare<[string, string]>(
    `DELETE FROM extension_execution_log WHERE id IN (
       SELECT id FROM extension_execution_log
       WHERE (started_at, id) < (?, ?) AND outcome <> 'running'
         AND revision <> (SELECT max(revision) FROM extension_execution_log)
       ORDER BY started_at, id LIMIT ${CHUNK_ROWS})`,
  );
  const step = database
    .prepare<[string, string, number], RowKey>(
      `SELECT started_at, id FROM extension_execution_log WHERE (started_at, id) < (?, ?)
       ORDER BY started_at DESC, id DESC LIMIT 1 OFFSET ?`,
    )
    .raw();
  const removeKinds = database.prepare(
    `DELETE FROM extension_execution_kind AS kind
     WHERE NOT EXISTS (SELECT 1 FROM extension_execution_log WHERE kind_id = kind.id)`,
  );
  const lastPath = database
    .prepare<[number], number>(
      `SELECT max(id) FROM (SELECT id FROM extension_execution_path WHERE id > ? ORDER BY id LIMIT ${STEP_PATHS})`,
    )
    .pluck();
  const unusedPaths = database.prepare<[number, number], { id: number; path: string }>(
    `SELECT id, path FROM extension_execution_path AS known
     WHERE id > ? AND id <= ? AND NOT EXISTS (SELECT 1 FROM extension_execution_log WHERE path_id = known.id)`,
  );
  const removePath = database.prepare("DELETE FROM extension_execution_path WHERE id = ?");
  const removeText = database.prepare(
    `INSERT INTO extension_execution_path_text (extension_execution_path_text, rowid, path)
     VALUES ('delete', ?, ?)`,
  );

  function* removeBefore([time, id]: RowKey): Generator<number> {
    let removed: number;
    do {
      removed = remove.run(time, id).changes;
      yield removed;
    } while (removed === CHUNK_ROWS);
  }

  /** The newest row that is one too many. */
  function* boundary(maxRows: number): Generator<number, RowKey | undefined> {
    let key: RowKey | undefined = ["\uffff", "\uffff"];
    for (let left = maxRows; key !== undefined; ) {
      const skipped = Math.min(left, STEP_ROWS);
      key = step.get(key[0], key[1], skipped);
      left -= skipped + 1;
      if (left < 0) return key;
      yield 0;
    }
    return undefined;
  }

  const removeUnusedPaths = database.transaction((after: number, last: number) => {
    for (const { id, path } of unusedPaths.all(after, last)) {
      removeText.run(id, path);
      removePath.run(id);
    }
  }).immediate;

  return function* prune({ before, maxRows }: PrunePolicy): Generator<number> {
    let total = 0;
    for (const removed of removeBefore([before.toISOString(), ""])) {
      total += removed;
      yield removed;
    }
    const key = yield* boundary(maxRows);
    if (key !== undefined) {
      // The boundary itself goes too.
      for (const removed of removeBefore([key[0], `${key[1]}\uffff`])) {
        total += removed;
        yield removed;
      }
    }
    if (total === 0) return;
    removeKinds.run();
    for (let after = 0, last = lastPath.get(0); last; after = last, last = lastPath.get(after)) {
      removeUnusedPaths(after, last);
      yield 0;
    }
    forget();
  };
}
