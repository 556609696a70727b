import type { ScheduleRun } from "../contract/schedule.ts";
import type { Database } from "../store/index.ts";

/** Runs kept of each schedule; the executions behind them have their own retention. */
const KEPT_RUNS = 100;

type Optional = "finished_at" | "status" | "code" | "error" | "execution_id";
type RunRow = Omit<ScheduleRun, Optional> & {
  readonly [Key in Optional]: Exclude<ScheduleRun[Key], undefined> | null;
};

export type RunStart = Pick<ScheduleRun, "id" | "schedule_id" | "trigger" | "due_at" | "started_at">;
export type RunEnd = Pick<ScheduleRun, "status" | "code" | "error" | "execution_id"> & {
  readonly outcome: Exclude<ScheduleRun["outcome"], "running">;
  readonly finished_at: string;
};

const COLUMNS = `id, schedule_id, trigger, due_at, started_at, finished_at, outcome, status, code, error, execution_id`;

/** Owns `extension_schedule_run`. Synchronous, joins the caller's transaction. */
export type RunRepository = ReturnType<typeof createRunRepository>;

export function createRunRepository(database: Database) {
  const sql = {
    ofSchedule: database.prepare<[string, number], RunRow>(
      `SELECT ${COLUMNS} FROM extension_schedule_run WHERE schedule_id = ? ORDER BY seq DESC LIMIT ?`,
    ),
    byId: database.prepare<[string], RunRow>(`SELECT ${COLUMNS} FROM extension_schedule_run WHERE id = ?`),
    isRunning: database
      .prepare<[string], number>(
        "SELECT COUNT(*) FROM extension_schedule_run WHERE schedule_id = ? AND outcome = 'running'",
      )
      .pluck(),
    abandoned: database.prepare<[string], RunRow>(
      `SELECT ${COLUMNS} FROM extension_schedule_run WHERE outcome = 'running' AND lease_until <= ?`,
    ),
    add: database.prepare(
      `INSERT INTO extension_schedule_run (${COLUMNS}, lease_until)
       VALUES (@id, @schedule_id, @trigger, @due_at, @started_at, @finished_at, @outcome, @status, @code, @error,
         @execution_id, @lease_until)`,
    ),
    end: database.prepare(
      `UPDATE extension_schedule_run SET outcome = @outcome, finished_at = @finished_at, status = @status,
         code = @code, error = @error, execution_id = @execution_id, lease_until = NULL
       WHERE id = @id AND outcome = 'running'`,
    ),
    renew: database.prepare(
      "UPDATE extension_schedule_run SET lease_until = ? WHERE id = ? AND outcome = 'running'",
    ),
    prune: database.prepare(
      `DELETE FROM extension_schedule_run WHERE schedule_id = @schedule_id AND outcome <> 'running' AND seq <= (
         SELECT seq FROM extension_schedule_run WHERE schedule_id = @schedule_id ORDER BY seq DESC LIMIT 1 OFFSET ${KEPT_RUNS})`,
    ),
  };

  function add(start: RunStart, rest: RunEnd | { outcome: "running"; lease_until: string }) {
    sql.add.run({ lease_until: null, ...ENDLESS, ...start, ...rest });
    sql.prune.run({ schedule_id: start.schedule_id });
  }

  return {
    /** Newest first. */
    list: (scheduleId: string, limit: number): ScheduleRun[] =>
      sql.ofSchedule.all(scheduleId, limit).map(toRun),
    get: (id: string): ScheduleRun | undefined => {
      const row = sql.byId.get(id);
      return row && toRun(row);
    },
    isRunning: (scheduleId: string): boolean => (sql.isRunning.get(scheduleId) ?? 0) > 0,
    /** Runs whose host has gone. */
    abandoned: (at: string): ScheduleRun[] => sql.abandoned.all(at).map(toRun),
    begin: (start: RunStart, leaseUntil: string) =>
      add(start, { outcome: "running", lease_until: leaseUntil }),
    /** A run that never was one. */
    record: (start: RunStart, end: RunEnd) => add(start, end),
    /** False when the run has ended already. */
    end: (id: string, end: RunEnd): boolean => sql.end.run({ ...ENDLESS, ...end, id }).changes === 1,
    renew: (id: string, until: string) => void sql.renew.run(until, id),
  };
}

const ENDLESS = { finished_at: null, status: null, code: null, error: null, execution_id: null };

function toRun(row: RunRow): ScheduleRun {
  const { finished_at, status, code, error, execution_id, ...run } = row;
  return {
    ...run,
    ...(finished_at === null ? {} : { finished_at }),
    ...(status === null ? {} : { status }),
    ...(code === null ? {} : { code }),
    ...(error === null ? {} : { error }),
    ...(execution_id === null ? {} : { execution_id }),
  };
}
