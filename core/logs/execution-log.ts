import type {
  ExecutionEnd,
  ExecutionFilter,
  ExecutionPage,
  ExecutionRecord,
  ExecutionStart,
} from "../contract/execution-record.ts";
import { MAX_TIMEOUT_MS } from "../contract/limits.ts";
import type { Clock } from "../platform/clock.ts";
import type { Database } from "../store/index.ts";
import type { BegunExecution } from "./begun-executions.ts";
import { createExecutionPruning, type PrunePolicy } from "./execution-pruning.ts";
import { listExecutions } from "./execution-query.ts";
import { type ExecutionRow, toRecord } from "./execution-row.ts";
import { createExecutionWriter } from "./execution-writer.ts";
import type { ExecutionChange } from "./live/live-entry.ts";

/** No call runs longer than its deadline; a row that has been running this long belongs to nobody. */
const ABANDONED_AFTER_MS = MAX_TIMEOUT_MS + 60_000;

export interface ExecutionLog {
  /**
   * Written before dispatch, so that a crash leaves a row. This, `finish` and `record` resolve when the row is
   * committed, together with all others of the same turn; they reject with `StoreError`s such as `store_full`.
   */
  begin(start: ExecutionStart): Promise<void>;
  /** Only a running row is finished; a second end changes nothing. */
  finish(id: string, end: ExecutionEnd): Promise<void>;
  /** A call that never ran, in one write. */
  record(start: ExecutionStart, end: ExecutionEnd): Promise<void>;
  /** Commits at once what waits for the end of this turn; to be called before the database is closed. */
  flush(): void;
  /**
   * Marks what an earlier, dead host left running. Rows of a live process (a command beside `serve`) stay.
   * @returns how many rows were marked
   */
  interruptLeftovers(): number;
  list(filter?: ExecutionFilter): ExecutionPage;
  get(id: string): ExecutionRecord | undefined;
  /** By execution id, else the newest with that request id. */
  find(idOrRequestId: string): ExecutionRecord | undefined;
  /** Rows that began or ended after the given change, in the order of their newest one. */
  changes(after: number, limit: number): readonly ExecutionChange[];
  newestRevision(): number;
  /** Called after every commit of this process. */
  subscribe(listener: () => void): () => void;
  /** Removes rows chunk by chunk, one each time the next number is asked for: how many have gone. */
  prune(policy: PrunePolicy): Iterable<number>;
}

export interface ExecutionLogOptions {
  database: Database;
  clock: Clock;
  /** Id of this process. */
  pid?: number;
  /** Whether another process with this id lives. */
  isAlive?(pid: number): boolean;
  /** Calls back at the end of this turn of the event loop. Default: `setImmediate`. */
  schedule?(flush: () => void): void;
}

export function createExecutionLog(options: ExecutionLogOptions): ExecutionLog {
  const { database, clock, pid = process.pid, isAlive = isProcessAlive } = options;
  const listeners = new Set<() => void>();
  const writer = createExecutionWriter({
    database,
    clock,
    pid,
    ...(options.schedule === undefined ? {} : { schedule: options.schedule }),
    isFollowed: () => listeners.size > 0,
    onCommit: () => {
      for (const listener of listeners) listener();
    },
  });
  const changed = database.prepare<[number, number], ExecutionRow & { revision: number }>(
    "SELECT * FROM extension_execution_log WHERE revision > ? ORDER BY revision LIMIT ?",
  );
  const byId = database.prepare<[string], ExecutionRow>("SELECT * FROM extension_execution_log WHERE id = ?");
  const byRequest = database.prepare<[string], ExecutionRow>(
    "SELECT * FROM extension_execution_log WHERE request_id = ? ORDER BY started_at DESC, id DESC LIMIT 1",
  );
  /** What this process has written it also reads, committed or not yet, and what has begun in others. */
  const written = <T>(read: () => T): T => {
    writer.flush();
    writer.settle();
    return read();
  };
  /** The rows of the log, or, on a full disk, what has begun and could not be moved there. */
  const one = (id: string): ExecutionRecord | undefined => {
    const row = byId.get(id);
    const begun = row === undefined ? writer.begunOne(id) : undefined;
    return begun === undefined ? recordOf(row) : runningRecord(begun);
  };

  /** Ours too: this process has begun nothing yet when it looks, so a row with its id is from an earlier life. */
  const isLeftover = (row: Pick<ExecutionRow, "host_pid" | "started_at">) =>
    row.host_pid === pid ||
    !isAlive(row.host_pid) ||
    clock.now().getTime() - Date.parse(row.started_at) > ABANDONED_AFTER_MS;

  return {
    begin: writer.begin,
    finish: writer.finish,
    record: writer.record,
    flush: writer.flush,
    interruptLeftovers: () => writer.interruptLeftovers(isLeftover),
    list: (filter = {}) => written(() => listExecutions(database, filter)),
    get: (id) => written(() => one(id)),
    find: (key) => written(() => one(key) ?? recordOf(byRequest.get(key))),
    changes(after, limit) {
      writer.settle();
      return changed.all(after, limit).map((row) => ({ revision: row.revision, record: toRecord(row) }));
    },
    newestRevision() {
      writer.settle();
      return writer.newestRevision();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    prune: createExecutionPruning(database, writer.forget),
  };
}

function runningRecord({ start, startedAt }: BegunExecution): ExecutionRecord {
  return { ...start, outcome: "running", started_at: startedAt, trace: [] };
}

function recordOf(row: ExecutionRow | undefined): ExecutionRecord | undefined {
  return row === undefined ? undefined : toRecord(row);
}

function isProcessAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives and is somebody else's.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
