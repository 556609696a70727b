import type { Schedule } from "../contract/schedule.ts";
import type { Database } from "../store/index.ts";
import type { ScheduleValues } from "./schedule-rules.ts";

export interface ScheduleRow extends ScheduleValues {
  readonly id: string;
  readonly install_id: string;
  readonly next_run_at: string | null;
  readonly last_run_at: string | null;
  readonly last_run_status: Schedule["last_run_status"] | null;
  readonly last_error: string | null;
  readonly last_execution_id: string | null;
  readonly created_at: string;
  readonly updated_at: string;
}

/** How the last run stands, as the schedule shows it. */
export type LastRun = Pick<
  ScheduleRow,
  "last_run_at" | "last_run_status" | "last_error" | "last_execution_id"
>;

const EDITED = [
  "endpoint_method",
  "endpoint_path",
  "name",
  "cron",
  "timezone",
  "enabled",
  "payload",
  "missed",
  "next_run_at",
  "updated_at",
] as const;

/** Owns `extension_schedule`. Synchronous, joins the caller's transaction. */
export type ScheduleRepository = ReturnType<typeof createScheduleRepository>;

export function createScheduleRepository(database: Database) {
  const sql = {
    all: database.prepare<[], ScheduleRow>(
      "SELECT * FROM extension_schedule ORDER BY install_id, created_at, id",
    ),
    ofInstall: database.prepare<[string], ScheduleRow>(
      "SELECT * FROM extension_schedule WHERE install_id = ? ORDER BY created_at, id",
    ),
    byId: database.prepare<[string], ScheduleRow>("SELECT * FROM extension_schedule WHERE id = ?"),
    count: database
      .prepare<[string], number>("SELECT COUNT(*) FROM extension_schedule WHERE install_id = ?")
      .pluck(),
    due: database.prepare<[string], ScheduleRow>(
      "SELECT * FROM extension_schedule WHERE next_run_at <= ? ORDER BY next_run_at, id",
    ),
    add: database.prepare(
      `INSERT INTO extension_schedule (id, install_id, created_at, ${EDITED.join(", ")})
       VALUES (@id, @install_id, @created_at, ${EDITED.map((name) => `@${name}`).join(", ")})`,
    ),
    save: database.prepare(
      `UPDATE extension_schedule SET ${EDITED.map((name) => `${name} = @${name}`).join(", ")} WHERE id = @id`,
    ),
    remove: database.prepare("DELETE FROM extension_schedule WHERE id = ?"),
    advance: database.prepare(
      "UPDATE extension_schedule SET next_run_at = @next WHERE id = @id AND next_run_at = @due",
    ),
    lastRun: database.prepare(
      `UPDATE extension_schedule SET last_run_at = @last_run_at, last_run_status = @last_run_status,
         last_error = @last_error, last_execution_id = @last_execution_id WHERE id = @id`,
    ),
  };
  return {
    list: (installId?: string): ScheduleRow[] =>
      installId === undefined ? sql.all.all() : sql.ofInstall.all(installId),
    get: (id: string): ScheduleRow | undefined => sql.byId.get(id),
    count: (installId: string): number => sql.count.get(installId) ?? 0,
    /** Occurrences at or before the moment, oldest first. */
    due: (at: string): ScheduleRow[] => sql.due.all(at),
    add: (row: ScheduleRow) => void sql.add.run(row),
    save: (row: ScheduleRow) => void sql.save.run(row),
    remove: (id: string) => void sql.remove.run(id),
    /** Moves on from an occurrence. False when somebody else has, or the schedule was changed meanwhile. */
    advance: (id: string, due: string, next: string | null): boolean =>
      sql.advance.run({ id, due, next }).changes === 1,
    setLastRun: (id: string, last: LastRun) => void sql.lastRun.run({ id, ...last }),
  };
}
