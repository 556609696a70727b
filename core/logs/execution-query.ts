import { z } from "zod";
import {
  type ExecutionFilter,
  type ExecutionPage,
  executionFilterSchema,
} from "../contract/execution-record.ts";
import type { Database } from "../store/index.ts";
import { afterPrefix, Conditions, storedTime } from "./conditions.ts";
import { invalidFilter, LogError } from "./errors.ts";
import { type ExecutionRow, toRecord } from "./execution-row.ts";
import { isNewer, type KeyBounds, mergedKeys, type RowKey, startOf, unionOfKeys } from "./merged-ranges.ts";

/** Rows looked at for one page. SQLite answers in this process: a longer search would hold up every call meanwhile. */
const MAX_EXAMINED_ROWS = 2_500;
/** The same for rows found one by one, which lie all over the table. */
const MAX_EXAMINED_CANDIDATES = 1_000;
/** And no longer than this: on a slow or busy disk each of them is a read of its own. Asked now and then. */
const MAX_SEARCH_MS = 10;
const CANDIDATES_BETWEEN_LOOKS = 64;
/** Beyond so many ranges a filter asks for much of the log, and walking it by time finds a page sooner. */
const MAX_RANGES = 256;
/** A request id is recognised by this much of its beginning. */
const MIN_REQUEST_PREFIX = 4;
const REQUEST_PREFIX = /^[\w.:-]+$/;
const MAX_PREFIX_MATCHES = 256;
/** Shorter texts have no trigram. */
const MIN_TRIGRAM_CHARACTERS = 3;
/** Facets by the column that both a row and its kind have. */
const FACETS = ["tenant_id", "version_id", "outcome"] as const;

const cursorSchema = z.tuple([z.string(), z.string()]);

type Filter = z.output<typeof executionFilterSchema>;

/**
 * One page, newest first, by keyset: later rows never shift what the next page shows. A search that looks at too many
 * rows without filling a page stops there: `searched_to` says how far it came, and `next` goes on.
 */
export function listExecutions(database: Database, given: ExecutionFilter): ExecutionPage {
  const filter = acceptFilter(given);
  const bounds = boundsOf(filter);
  const residual = rowConditions(filter);
  const keys = candidates(database, filter, bounds);
  return keys === undefined
    ? walk(database, residual, bounds, filter.limit)
    : collect(database, residual, keys, filter.limit);
}

function acceptFilter(filter: ExecutionFilter): Filter {
  const parsed = executionFilterSchema.safeParse(filter);
  if (parsed.success) return parsed.data;
  throw invalidFilter(parsed.error);
}

function boundsOf({ cursor, since, until }: Filter): KeyBounds {
  return {
    before: cursor === undefined ? undefined : decodeCursor(cursor),
    since: since === undefined ? undefined : storedTime(since),
    until: until === undefined ? undefined : storedTime(until),
  };
}

/** Everything but the time, as a row must have it. */
function rowConditions(filter: Filter): Conditions {
  const { extension, text, code, status, request_id } = filter;
  const conditions = new Conditions();
  for (const column of FACETS) {
    const value = filter[column];
    if (value !== undefined) conditions.add(`${column} = ?`, value);
  }
  if (code !== undefined) conditions.add("code = ?", code);
  if (status !== undefined) conditions.add("status = ?", status);
  if (request_id !== undefined) conditions.add("request_id = ?", request_id);
  if (extension !== undefined) {
    conditions.add(
      "extension_id = ? OR install_id = ? OR extension_name = ?",
      extension,
      extension,
      extension,
    );
  }
  if (text) {
    const prefixed = isRequestPrefix(text) ? "request_id" : undefined;
    conditions.addText(["path", "extension_name", "code"], text, prefixed);
  }
  return conditions;
}

/** Keys among which all matches are, newest first; `undefined` when walking the log by time is as good. */
function candidates(database: Database, filter: Filter, bounds: KeyBounds): Iterable<RowKey> | undefined {
  if (filter.request_id !== undefined) return requestKeys(database, filter.request_id, bounds);
  const byText = filter.text ? textKeys(database, filter, filter.text, bounds) : undefined;
  if (byText !== undefined) return byText;
  // A text that is in much of the log is looked for among what the rest of the filter lets in.
  const kinds = kindsOf(database, filter, undefined);
  return kinds === undefined ? undefined : mergedKeys(database, "kind_id", kinds, bounds);
}

/** Kinds that a filter may mean; `undefined` when it asks for nothing that kinds know, or for too many of them. */
function kindsOf(database: Database, filter: Filter, text: string | undefined): number[] | undefined {
  const conditions = new Conditions();
  for (const column of FACETS) {
    const value = filter[column];
    if (value !== undefined) conditions.add(`${column} = ?`, value);
  }
  const { extension, code, status } = filter;
  if (code !== undefined) conditions.add("code = ?", code);
  if (status !== undefined) conditions.add("status = ?", status);
  if (extension !== undefined) {
    conditions.add(
      // What resolved to nothing has the caller's own words, which only its rows know.
      "extension_id = ? OR install_id = ? OR extension_name = ? OR install_id = ''",
      extension,
      extension,
      extension,
    );
  }
  if (text !== undefined) conditions.addText(["extension_name", "code"], text);
  if (conditions.where === "") return undefined;
  const ids = database
    .prepare<unknown[], number>(
      `SELECT id FROM extension_execution_kind ${conditions.where} LIMIT ${MAX_RANGES + 1}`,
    )
    .pluck()
    .all(...conditions.values);
  return ids.length > MAX_RANGES ? undefined : ids;
}

/** By the path, by what the kind says, and by the beginning of the request id. */
function textKeys(
  database: Database,
  filter: Filter,
  text: string,
  bounds: KeyBounds,
): Iterable<RowKey> | undefined {
  const kinds = kindsOf(database, filter, text);
  const paths = pathsWith(database, text);
  const requests = prefixKeys(database, text, bounds);
  if (kinds === undefined || paths === undefined || requests === undefined) return undefined;
  return unionOfKeys([
    mergedKeys(database, "kind_id", kinds, bounds),
    mergedKeys(database, "path_id", paths, bounds),
    requests.values(),
  ]);
}

function pathsWith(database: Database, text: string): number[] | undefined {
  if ([...text].length < MIN_TRIGRAM_CHARACTERS) return undefined;
  const ids = database
    .prepare<[string], number>(
      `SELECT rowid FROM extension_execution_path_text WHERE path LIKE ? LIMIT ${MAX_RANGES + 1}`,
    )
    .pluck()
    // The index knows no escape character; what its wildcards let in besides, the rows' own condition keeps out.
    .all(`%${text}%`);
  return ids.length > MAX_RANGES ? undefined : ids;
}

function prefixKeys(database: Database, text: string, bounds: KeyBounds): RowKey[] | undefined {
  if (!isRequestPrefix(text)) return [];
  const start = startOf(bounds);
  const keys = database
    .prepare<string[], RowKey>(
      `SELECT started_at, id FROM extension_execution_log
       WHERE request_id >= ? AND request_id < ? LIMIT ${MAX_PREFIX_MATCHES + 1}`,
    )
    .raw()
    .all(text, afterPrefix(text));
  if (keys.length > MAX_PREFIX_MATCHES) return undefined;
  return keys
    .filter((key) => (bounds.since === undefined || key[0] >= bounds.since) && isNewer(start, key))
    .sort((one, other) => (isNewer(one, other) ? -1 : 1));
}

function isRequestPrefix(text: string): boolean {
  return text.length >= MIN_REQUEST_PREFIX && REQUEST_PREFIX.test(text);
}

function* requestKeys(database: Database, requestId: string, bounds: KeyBounds): Generator<RowKey> {
  const rows = database
    .prepare<string[], RowKey>(
      `SELECT started_at, id FROM extension_execution_log
       WHERE request_id = ? AND (started_at, id) < (?, ?) AND started_at >= ?
       ORDER BY started_at DESC, id DESC LIMIT ${MAX_EXAMINED_CANDIDATES}`,
    )
    .raw();
  const [time, id] = startOf(bounds);
  yield* rows.all(requestId, time, id, bounds.since ?? "");
}

/** Looks at the candidates one by one. */
function collect(
  database: Database,
  residual: Conditions,
  keys: Iterable<RowKey>,
  limit: number,
): ExecutionPage {
  const row = database.prepare<unknown[], ExecutionRow>(
    `SELECT * FROM (SELECT * FROM extension_execution_log WHERE id = ?) ${residual.where}`,
  );
  const found: ExecutionRow[] = [];
  const startedAt = performance.now();
  let examined = 0;
  for (const key of keys) {
    const match = row.get(key[1], ...residual.values);
    if (match !== undefined) found.push(match);
    if (found.length > limit) break;
    examined += 1;
    const isLate = examined % CANDIDATES_BETWEEN_LOOKS === 0 && performance.now() - startedAt > MAX_SEARCH_MS;
    if (isLate || examined === MAX_EXAMINED_CANDIDATES) return page(found, limit, key);
  }
  return page(found, limit);
}

/** Looks at the rows in the order of the list. */
function walk(database: Database, residual: Conditions, bounds: KeyBounds, limit: number): ExecutionPage {
  const start = startOf(bounds);
  const range = `SELECT * FROM extension_execution_log WHERE (started_at, id) < (?, ?) AND started_at >= ?
    ORDER BY started_at DESC, id DESC`;
  const values = [start[0], start[1], bounds.since ?? ""];
  const found = database
    .prepare<unknown[], ExecutionRow>(
      `SELECT * FROM (${range} LIMIT ${MAX_EXAMINED_ROWS}) ${residual.where} LIMIT ?`,
    )
    .all(...values, ...residual.values, limit + 1);
  if (found.length > limit) return page(found, limit);
  const last = database
    .prepare<unknown[], RowKey>(
      `SELECT started_at, id FROM extension_execution_log WHERE (started_at, id) < (?, ?) AND started_at >= ?
       ORDER BY started_at DESC, id DESC LIMIT 1 OFFSET ${MAX_EXAMINED_ROWS - 1}`,
    )
    .raw()
    .get(...values);
  return page(found, limit, last);
}

/** @param searchedTo the last row looked at, when the search stopped before the page was full */
function page(found: readonly ExecutionRow[], limit: number, searchedTo?: RowKey): ExecutionPage {
  const items = found.slice(0, limit).map(toRecord);
  const last = items.at(-1);
  if (found.length > limit && last !== undefined)
    return { items, next: encodeCursor([last.started_at, last.id]) };
  return {
    items,
    ...(searchedTo === undefined ? {} : { next: encodeCursor(searchedTo), searched_to: searchedTo[0] }),
  };
}

function encodeCursor(key: RowKey): string {
  return Buffer.from(JSON.stringify(key)).toString("base64url");
}

function decodeCursor(cursor: string): RowKey {
  try {
    return cursorSchema.parse(JSON.parse(Buffer.from(cursor, "base64url").toString("utf8")));
  } catch {
    throw new LogError({
      code: "cursor_invalid",
      message: "The cursor is not one that a page of executions gave.",
      hint: "Start again without a cursor.",
    });
  }
}
