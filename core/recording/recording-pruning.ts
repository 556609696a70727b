import type { Database } from "../store/index.ts";

/** Removed in one turn: each may be megabytes, whose pages are all written. */
const SLICE = 100;
/** Recordings that are counted in one turn. */
const STEP = 20_000;

export interface RecordingPrunePolicy {
  /** Older ones go. */
  readonly before: Date;
  /** So many of the newest stay. */
  readonly maxRows: number;
}

/** Begin and row: the order of the index, in which no two are the same. */
type Place = [startedAt: string, row: number];
const NEWEST: Place = ["\uffff", 0];

/** Removes recordings slice by slice, between which everything else goes on. */
export function createRecordingPruning(database: Database) {
  const remove = database.prepare<Place>(
    `DELETE FROM extension_host_call WHERE rowid IN (
       SELECT rowid FROM extension_host_call WHERE (started_at, rowid) < (?, ?)
       ORDER BY started_at, rowid LIMIT ${SLICE})`,
  );
  const step = database
    .prepare<[...Place, number], Place>(
      `SELECT started_at, rowid FROM extension_host_call WHERE (started_at, rowid) < (?, ?)
       ORDER BY started_at DESC, rowid DESC LIMIT 1 OFFSET ?`,
    )
    .raw();

  function* removeBefore(place: Place): Generator<number> {
    let removed: number;
    do {
      removed = remove.run(...place).changes;
      yield removed;
    } while (removed === SLICE);
  }

  /** The oldest that stays; `undefined` when all may. */
  function* oldestKept(maxRows: number): Generator<number, Place | undefined> {
    if (maxRows === 0) return NEWEST;
    let place: Place | undefined = NEWEST;
    for (let left = maxRows; left > 0; left -= STEP) {
      place = step.get(...place, Math.min(left, STEP) - 1);
      if (place === undefined) return undefined;
      yield 0;
    }
    return place;
  }

  return function* prune({ before, maxRows }: RecordingPrunePolicy): Generator<number> {
    yield* removeBefore([before.toISOString(), 0]);
    const place = yield* oldestKept(maxRows);
    if (place !== undefined) yield* removeBefore(place);
  };
}
