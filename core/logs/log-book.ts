import type { LogEvent } from "../contract/log-event.ts";
import type { LogFilter, LogItem, LogPage, LogQuery } from "../contract/log-query.ts";
import type { Database } from "../store/index.ts";
import type { PrunePolicy } from "./execution-pruning.ts";
import { createLineInsert } from "./line-insert.ts";
import { queryLog } from "./log-query.ts";
import { tailLog } from "./log-tail.ts";

/** Lines removed in one transaction: writers and the event loop wait no longer than for these. */
const CHUNK_ROWS = 1_000;

type LogListener = (items: readonly LogItem[]) => void;

export interface LogBook {
  /** Stores the lines in one transaction, in order and without secrets, then tells the subscribers. */
  append(events: readonly LogEvent[]): readonly LogItem[];
  query(query?: LogQuery): LogPage;
  /** Ids of the newest and of the oldest line that is kept; 0 while there is none. */
  newest(): number;
  oldest(): number;
  /** Every line that this process appends from now on. The listener must be quick; one that throws is dropped. */
  subscribe(listener: LogListener): () => void;
  /**
   * Pages of lines as they come, from after `after` (default: from now) until the signal aborts. Reads them from the
   * database at the reader's own pace: a slow reader holds no memory and misses nothing that retention has kept.
   */
  tail(
    filter: LogFilter,
    options: { after?: number | undefined; signal: AbortSignal },
  ): AsyncIterable<readonly LogItem[]>;
  /** Removes lines older than `before` or beyond the newest `maxRows`, chunk by chunk; see `ExecutionLog.prune`. */
  prune(policy: PrunePolicy): Iterable<number>;
}

export interface LogBookOptions {
  database: Database;
  /** What takes the install's secrets out of a line before it is written. Default: lines are written as they are. */
  redactorOf?(installId: string): (text: string, isCut: boolean) => string;
}

export function createLogBook({ database, redactorOf }: LogBookOptions): LogBook {
  const insert = createLineInsert(database);
  const newestId = database.prepare<[], { id: number | null }>(
    "SELECT max(id) AS id FROM extension_log_event",
  );
  const oldestId = database.prepare<[], { id: number | null }>(
    "SELECT min(id) AS id FROM extension_log_event",
  );
  const removeUpTo = database.prepare(
    `DELETE FROM extension_log_event WHERE id IN
      (SELECT id FROM extension_log_event WHERE id <= ? ORDER BY id LIMIT ${CHUNK_ROWS})`,
  );
  // The newest line stays: SQLite gives the id after the highest one, and readers resume by id.
  const removeOldest = database.prepare(
    `DELETE FROM extension_log_event WHERE id IN
      (SELECT id FROM (SELECT id, ts FROM extension_log_event ORDER BY id LIMIT ${CHUNK_ROWS}) WHERE ts < ?)
      AND id <> (SELECT max(id) FROM extension_log_event)`,
  );
  const listeners = new Set<LogListener>();

  const insertAll = database.transaction((events: readonly LogEvent[]) =>
    insert(redactorOf === undefined ? events : redacted(events, redactorOf)),
  );
  const subscribe = (listener: LogListener) => {
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  };
  const query = (given: LogQuery = {}) => queryLog(database, given);
  const newest = () => newestId.get()?.id ?? 0;

  return {
    append: (events) => {
      if (events.length === 0) return [];
      const items = insertAll.immediate(events);
      for (const listener of listeners) {
        try {
          listener(items);
        } catch {
          // A broken reader must not fail the writer, whose lines are stored by now.
          listeners.delete(listener);
        }
      }
      return items;
    },
    query,
    newest,
    oldest: () => oldestId.get()?.id ?? 0,
    subscribe,
    tail: (filter, { after, signal }) =>
      tailLog({ query, newest, subscribe }, filter, after ?? newest(), signal),
    *prune({ before, maxRows }) {
      for (const remove of [
        () => removeUpTo.run(newest() - maxRows),
        () => removeOldest.run(before.toISOString()),
      ]) {
        let removed: number;
        do {
          removed = remove().changes;
          yield removed;
        } while (removed === CHUNK_ROWS);
      }
    },
  };
}

/** Secrets are looked up once for each install of a batch: within its transaction nobody changes them. */
function redacted(
  events: readonly LogEvent[],
  redactorOf: NonNullable<LogBookOptions["redactorOf"]>,
): LogEvent[] {
  const redactors = new Map<string, (text: string, isCut: boolean) => string>();
  return events.map((event) => {
    let redact = redactors.get(event.install_id);
    if (redact === undefined) {
      redact = redactorOf(event.install_id);
      redactors.set(event.install_id, redact);
    }
    return { ...event, message: redact(event.message, event.truncated) };
  });
}
