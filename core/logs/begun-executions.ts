import { type ExecutionStart, executionStartSchema } from "../contract/execution-record.ts";
import type { Database } from "../store/index.ts";

export interface BegunExecution {
  readonly start: ExecutionStart;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly pid: number;
}

interface Row {
  started_at: string;
  host_pid: number;
  start: string;
}

/** Owns `extension_execution_begun`. Writes join the caller's transaction. */
export function createBegunExecutions(database: Database) {
  const add = database.prepare(
    "INSERT INTO extension_execution_begun (id, started_at, host_pid, start) VALUES (?, ?, ?, ?)",
  );
  const remove = database.prepare<[string]>("DELETE FROM extension_execution_begun WHERE id = ?");
  const one = database.prepare<[string], Row>("SELECT * FROM extension_execution_begun WHERE id = ?");
  const all = database.prepare<[], Row>("SELECT * FROM extension_execution_begun ORDER BY started_at, id");
  const any = database.prepare<[], number>("SELECT 1 FROM extension_execution_begun LIMIT 1").pluck();
  const clear = database.prepare("DELETE FROM extension_execution_begun");
  return {
    add: ({ start, startedAt, pid }: BegunExecution): void =>
      void add.run(start.id, startedAt, pid, JSON.stringify(start)),
    /** False when it is not there: it has never begun here, or has been taken. */
    remove: (id: string): boolean => remove.run(id).changes > 0,
    get(id: string): BegunExecution | undefined {
      const row = one.get(id);
      return row && begunOf(row);
    },
    isEmpty: (): boolean => any.get() === undefined,
    /** All of them, in the order in which they began; they are then no longer there. */
    take(): BegunExecution[] {
      const rows = all.all();
      clear.run();
      return rows.map(begunOf);
    },
  };
}

function begunOf({ started_at, host_pid, start }: Row): BegunExecution {
  return { start: executionStartSchema.parse(JSON.parse(start)), startedAt: started_at, pid: host_pid };
}
