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
import { listExecutions } from "./execution-query.ts";
import { type ExecutionRow, toRecord } from "./execution-row.ts";

/** No call runs longer than its deadline; a row that has been running this long belongs to nobody. */
const ABANDONED_AFTER_MS = MAX_TIMEOUT_MS + 60_000;

const START_COLUMNS = `id, request_id, tenant_id, extension_id, extension_name, version_id, install_id, content_hash,
  method, path, started_at, host_pid`;
const START_VALUES = `@id, @request_id, @tenant_id, @extension_id, @extension_name, @version_id, @install_id,
  @content_hash, @method, @path, @started_at, @host_pid`;
const END_COLUMNS = `outcome, status, code, finished_at, duration_ms, memory_bytes, fuel, egress_bytes, host_calls,
  log_lines, trace`;
const END_VALUES = `@outcome, @status, @code, @finished_at, @duration_ms, @memory_bytes, @fuel, @egress_bytes,
  @host_calls, @log_lines, @trace`;

export interface ExecutionLog {
  /** Written before dispatch, so that a crash leaves a row. */
  begin(start: ExecutionStart): void;
  /** Only a running row is finished; a second end changes nothing. */
  finish(id: string, end: ExecutionEnd): void;
  /** A call that never ran, in one write. */
  record(start: ExecutionStart, end: ExecutionEnd): void;
  /**
   * Marks what an earlier, dead host left running. Rows of a live process (a command beside `serve`) stay.
   * @returns how many rows were marked
   */
  interruptLeftovers(): number;
  list(filter?: ExecutionFilter): ExecutionPage;
  get(id: string): ExecutionRecord | undefined;
  /** By execution id, else the newest with that request id. */
  find(idOrRequestId: string): ExecutionRecord | undefined;
  /** Removes finished rows that are older than `before` or beyond the newest `maxRows`. @returns how many */
  prune(policy: { before: Date; maxRows: number }): number;
}

export interface ExecutionLogOptions {
  database: Database;
  clock: Clock;
  /** Id of this process. */
  pid?: number;
  /** Whether another process with this id lives. */
  isAlive?(pid: number): boolean;
}

export function createExecutionLog(options: ExecutionLogOptions): ExecutionLog {
  const { database, clock, pid = process.pid, isAlive = isProcessAlive } = options;
  const insertRunning = database.prepare(
    `INSERT INTO extension_execution_log (${START_COLUMNS}, outcome) VALUES (${START_VALUES}, 'running')`,
  );
  const insertEnded = database.prepare(
    `INSERT INTO extension_execution_log (${START_COLUMNS}, ${END_COLUMNS}) VALUES (${START_VALUES}, ${END_VALUES})`,
  );
  const update = database.prepare(
    `UPDATE extension_execution_log SET (${END_COLUMNS}) = (${END_VALUES}) WHERE id = @id AND outcome = 'running'`,
  );
  const running = database.prepare<[], Pick<ExecutionRow, "id" | "host_pid" | "started_at">>(
    "SELECT id, host_pid, started_at FROM extension_execution_log WHERE outcome = 'running'",
  );
  const interrupt = database.prepare(
    "UPDATE extension_execution_log SET outcome = 'interrupted', finished_at = ? WHERE id = ? AND outcome = 'running'",
  );
  const byId = database.prepare<[string], ExecutionRow>("SELECT * FROM extension_execution_log WHERE id = ?");
  const byRequest = database.prepare<[string], ExecutionRow>(
    "SELECT * FROM extension_execution_log WHERE request_id = ? ORDER BY started_at DESC, id DESC LIMIT 1",
  );
  const removeOld = database.prepare(
    "DELETE FROM extension_execution_log WHERE started_at < ? AND outcome <> 'running'",
  );
  const removeBeyond = database.prepare(
    `DELETE FROM extension_execution_log WHERE outcome <> 'running' AND id IN
      (SELECT id FROM extension_execution_log ORDER BY started_at DESC, id DESC LIMIT -1 OFFSET ?)`,
  );

  const now = () => clock.now().toISOString();
  const get = (id: string) => {
    const row = byId.get(id);
    return row === undefined ? undefined : toRecord(row);
  };

  /** Ours too: this process has begun nothing yet when it looks, so a row with its id is from an earlier life. */
  const isLeftover = (row: Pick<ExecutionRow, "host_pid" | "started_at">) =>
    row.host_pid === pid ||
    !isAlive(row.host_pid) ||
    clock.now().getTime() - Date.parse(row.started_at) > ABANDONED_AFTER_MS;

  return {
    begin: (start) => {
      insertRunning.run({ ...start, started_at: now(), host_pid: pid });
    },
    finish: (id, end) => {
      update.run({ id, ...endColumns(end, now()) });
    },
    record: (start, end) => {
      const at = now();
      insertEnded.run({ ...start, started_at: at, host_pid: pid, ...endColumns(end, at) });
    },
    interruptLeftovers: database.transaction(() => {
      const leftovers = running.all().filter(isLeftover);
      for (const { id } of leftovers) interrupt.run(now(), id);
      return leftovers.length;
    }).immediate,
    list: (filter = {}) => listExecutions(database, filter),
    get,
    find: (key) => {
      const row = byId.get(key) ?? byRequest.get(key);
      return row === undefined ? undefined : toRecord(row);
    },
    prune: database.transaction(({ before, maxRows }: { before: Date; maxRows: number }) => {
      return removeOld.run(before.toISOString()).changes + removeBeyond.run(maxRows).changes;
    }),
  };
}

function endColumns(end: ExecutionEnd, finishedAt: string) {
  return {
    outcome: end.outcome,
    status: end.status ?? null,
    code: end.code ?? null,
    finished_at: finishedAt,
    ...end.usage,
    trace: JSON.stringify(end.trace),
  };
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
