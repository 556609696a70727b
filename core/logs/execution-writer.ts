import type { ExecutionEnd, ExecutionStart } from "../contract/execution-record.ts";
import type { Clock } from "../platform/clock.ts";
import { type Database, systemFailure } from "../store/index.ts";
import { type BegunExecution, createBegunExecutions } from "./begun-executions.ts";
import { createDictionaries, type KindFacts } from "./execution-kind.ts";
import type { ExecutionRow } from "./execution-row.ts";
import { createGroupCommit, type GroupCommit } from "./group-commit.ts";

const START_COLUMNS = `id, request_id, tenant_id, extension_id, extension_name, version_id, install_id, content_hash,
  method, path, started_at, host_pid, path_id`;
const START_VALUES = `@id, @request_id, @tenant_id, @extension_id, @extension_name, @version_id, @install_id,
  @content_hash, @method, @path, @started_at, @host_pid, @path_id`;
const END_COLUMNS = `outcome, status, code, finished_at, duration_ms, memory_bytes, fuel, egress_bytes, host_calls,
  log_lines, guest_ms, host_ms, trace, kind_id, revision`;
const END_VALUES = `@outcome, @status, @code, @finished_at, @duration_ms, @memory_bytes, @fuel, @egress_bytes,
  @host_calls, @log_lines, @guest_ms, @host_ms, @trace, @kind_id, @revision`;

type Leftover = KindFacts & Pick<ExecutionRow, "id" | "host_pid" | "started_at">;

export interface ExecutionWriterOptions {
  database: Database;
  clock: Clock;
  pid: number;
  schedule?(flush: () => void): void;
  onCommit(): void;
  /** Whether somebody follows the log, and wants to see a row as soon as it has begun. */
  isFollowed(): boolean;
}

/**
 * Writes rows of the execution log; everything of one turn of the event loop in one transaction. What has begun waits
 * in a table of its own, which costs a tenth of a row of the log, and comes into the log when it ends: unless somebody
 * looks before. Then it is moved at once, and changed when it ends.
 */
export function createExecutionWriter(options: ExecutionWriterOptions) {
  const { database, clock, pid, isFollowed } = options;
  const dictionaries = createDictionaries(database);
  const begun = createBegunExecutions(database);
  /** What this process has begun and not ended, by id. */
  const open = new Map<string, BegunExecution>();
  // An id is there already only if a call was given another one's.
  const insertRunning = database.prepare(
    `INSERT OR IGNORE INTO extension_execution_log (${START_COLUMNS}, outcome, kind_id, revision)
     VALUES (${START_VALUES}, 'running', @kind_id, @revision)`,
  );
  const insertEnded = database.prepare(
    `INSERT INTO extension_execution_log (${START_COLUMNS}, ${END_COLUMNS}) VALUES (${START_VALUES}, ${END_VALUES})`,
  );
  const update = database.prepare(
    `UPDATE extension_execution_log SET (${END_COLUMNS}) = (${END_VALUES}) WHERE id = @id AND outcome = 'running'`,
  );
  const runningFacts = database.prepare<[string], KindFacts>(
    `SELECT tenant_id, extension_id, extension_name, install_id, version_id, outcome, code, status
     FROM extension_execution_log WHERE id = ? AND outcome = 'running'`,
  );
  const running = database.prepare<[], Leftover>(
    `SELECT id, host_pid, started_at, tenant_id, extension_id, extension_name, install_id, version_id, outcome, code,
       status
     FROM extension_execution_log WHERE outcome = 'running'`,
  );
  const interrupt = database.prepare(
    `UPDATE extension_execution_log SET outcome = 'interrupted', finished_at = ?, kind_id = ?, revision = ?
     WHERE id = ? AND outcome = 'running'`,
  );
  const newest = database
    .prepare<[], number>("SELECT ifnull(max(revision), 0) FROM extension_execution_log")
    .pluck();
  let revision = 0;
  /** First in every transaction. */
  const refresh = (): void => {
    dictionaries.refresh();
    revision = newest.get() ?? 0;
  };
  const group: GroupCommit = createGroupCommit({
    ...options,
    onBegin: refresh,
    onRollback: dictionaries.forget,
  });

  const now = () => clock.now().toISOString();
  /** The newest row is never pruned, so revisions only rise. */
  const nextRevision = () => {
    revision += 1;
    return revision;
  };
  const startColumns = ({ start, startedAt, pid: host_pid }: BegunExecution) => ({
    ...start,
    started_at: startedAt,
    host_pid,
    path_id: dictionaries.pathOf(start.path),
    revision: nextRevision(),
  });
  const addRunning = (execution: BegunExecution): void => {
    const kind_id = dictionaries.kindOf({ ...execution.start, outcome: "running", code: null, status: null });
    insertRunning.run({ ...startColumns(execution), kind_id });
  };
  const addEnded = (execution: BegunExecution, columns: ReturnType<typeof endColumns>): void => {
    const kind_id = dictionaries.kindOf({ ...execution.start, ...columns });
    insertEnded.run({ ...startColumns(execution), ...columns, kind_id });
  };
  const moveBegun = (): void => {
    for (const execution of begun.take()) addRunning(execution);
  };
  const settle = database.transaction(() => {
    refresh();
    moveBegun();
  }).immediate;

  return {
    async begin(start: ExecutionStart): Promise<void> {
      const execution = { start, startedAt: now(), pid };
      await group.commit(() => {
        begun.add(execution);
        if (isFollowed()) moveBegun();
      });
      // What could not be written does not run, and nobody will end it.
      open.set(start.id, execution);
    },
    async finish(id: string, end: ExecutionEnd): Promise<void> {
      const columns = endColumns(end, now());
      const execution = open.get(id);
      open.delete(id);
      await group.commit(() => {
        if (execution !== undefined && begun.remove(id)) return addEnded(execution, columns);
        moveBegun();
        const facts = runningFacts.get(id);
        if (facts === undefined) return;
        const kind_id = dictionaries.kindOf({ ...facts, ...columns });
        update.run({ id, ...columns, kind_id, revision: nextRevision() });
      });
    },
    record(start: ExecutionStart, end: ExecutionEnd): Promise<void> {
      const startedAt = now();
      const columns = endColumns(end, startedAt);
      return group.commit(() => addEnded({ start, startedAt, pid }, columns));
    },
    flush: group.flush,
    /** Brings into the log what has begun, of this process and of others. Without room on the disk it stays where it is. */
    settle(): void {
      if (begun.isEmpty()) return;
      try {
        settle();
      } catch (error) {
        dictionaries.forget();
        if (systemFailure(error) === undefined) throw error;
      }
    },
    begunOne: begun.get,
    forget: dictionaries.forget,
    newestRevision: () => newest.get() ?? 0,
    interruptLeftovers: database.transaction((isLeftover: (row: Leftover) => boolean) => {
      refresh();
      moveBegun();
      const leftovers = running.all().filter(isLeftover);
      for (const row of leftovers) {
        const kind = dictionaries.kindOf({ ...row, outcome: "interrupted" });
        interrupt.run(now(), kind, nextRevision(), row.id);
      }
      return leftovers.length;
    }).immediate,
  };
}

function endColumns(end: ExecutionEnd, finishedAt: string) {
  return {
    outcome: end.outcome,
    status: end.status ?? null,
    code: end.code ?? null,
    finished_at: finishedAt,
    ...end.usage,
    guest_ms: end.usage.guest_ms ?? null,
    host_ms: end.usage.host_ms ?? null,
    trace: JSON.stringify(end.trace),
  };
}
