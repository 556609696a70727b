import type { Database } from "../store/index.ts";

/** Where a row stands in the list: newest first by time, then by id. Start and id in one, as both compare as text. */
export type RowKey = readonly [startedAt: string, id: string];

export interface KeyBounds {
  /** Only rows before this one. */
  readonly before: RowKey | undefined;
  /** Inclusive. */
  readonly since: string | undefined;
  /** Exclusive. */
  readonly until: string | undefined;
}

/** Rows read from a range at once, after its first. */
const CHUNK_ROWS = 32;
/** After every time and id there is. */
const LAST_KEY: RowKey = ["\uffff", "\uffff"];
const FIRST_TIME = "";

interface Range {
  readonly value: number;
  /** Next keys, newest first; never empty. */
  keys: RowKey[];
  /** True when `keys` holds all that is left. */
  isWhole: boolean;
}

/**
 * Keys of the rows whose `column` is any of `values`, newest first: each value is one range of the column's index, and
 * as much of each is read as is asked for.
 */
export function* mergedKeys(
  database: Database,
  column: "kind_id" | "path_id",
  values: readonly number[],
  bounds: KeyBounds,
): Generator<RowKey> {
  const rows = database
    .prepare<[number, string, string, string, number], RowKey>(
      `SELECT started_at, id FROM extension_execution_log
       WHERE ${column} = ? AND (started_at, id) < (?, ?) AND started_at >= ?
       ORDER BY started_at DESC, id DESC LIMIT ?`,
    )
    .raw();
  const since = bounds.since ?? FIRST_TIME;
  const read = (value: number, before: RowKey, limit: number) =>
    rows.all(value, before[0], before[1], since, limit);
  const start = startOf(bounds);
  const ranges: Range[] = values.flatMap((value) => {
    const keys = read(value, start, 1);
    return keys.length === 0 ? [] : [{ value, keys, isWhole: false }];
  });
  for (;;) {
    const range = newestOf(ranges);
    const key = range?.keys.shift();
    if (range === undefined || key === undefined) return;
    if (range.keys.length === 0) {
      if (!range.isWhole) {
        range.keys = read(range.value, key, CHUNK_ROWS);
        range.isWhole = range.keys.length < CHUNK_ROWS;
      }
      if (range.keys.length === 0) ranges.splice(ranges.indexOf(range), 1);
    }
    yield key;
  }
}

/** Both, newest first, each key once. */
export function* unionOfKeys(sources: readonly Iterator<RowKey>[]): Generator<RowKey> {
  const heads = sources.map((source) => ({ source, next: source.next() }));
  let last: RowKey | undefined;
  for (;;) {
    let newest: (typeof heads)[number] | undefined;
    for (const head of heads) {
      if (head.next.done === true) continue;
      if (newest === undefined || newest.next.done === true || isNewer(head.next.value, newest.next.value))
        newest = head;
    }
    if (newest === undefined || newest.next.done === true) return;
    const key = newest.next.value;
    newest.next = newest.source.next();
    if (last?.[1] !== key[1]) yield key;
    last = key;
  }
}

/** The key before which the rows of a page come. */
export function startOf({ before, until }: KeyBounds): RowKey {
  const end: RowKey = until === undefined ? LAST_KEY : [until, ""];
  return before === undefined || isNewer(before, end) ? end : before;
}

export function isNewer(one: RowKey, other: RowKey): boolean {
  return one[0] === other[0] ? one[1] > other[1] : one[0] > other[0];
}

function newestOf(ranges: readonly Range[]): Range | undefined {
  let newest: Range | undefined;
  let newestKey: RowKey | undefined;
  for (const range of ranges) {
    const key = range.keys[0];
    if (key !== undefined && (newestKey === undefined || isNewer(key, newestKey))) {
      newest = range;
      newestKey = key;
    }
  }
  return newest;
}
