import type { DeliveryAttempt, EventDelivery } from "../contract/event.ts";
import type { Database } from "../store/index.ts";
import type { AttemptEnd } from "./attempt-outcome.ts";

export interface DeliveryRow {
  readonly id: string;
  readonly event_id: string;
  readonly install_id: string;
  readonly handler: string;
  readonly state: EventDelivery["state"];
  readonly attempts: number;
  readonly next_at: string | null;
  readonly last_error: string | null;
  readonly last_execution_id: string | null;
  readonly created_at: string;
  readonly finished_at: string | null;
}

interface AttemptRow {
  readonly attempt: number;
  readonly started_at: string;
  readonly finished_at: string | null;
  readonly status: number | null;
  readonly code: string | null;
  readonly error: string | null;
  readonly execution_id: string | null;
}

const MAX_DEAD_LISTED = 500;

/** Owns `extension_event_delivery` and `extension_event_attempt`. Synchronous, joins the caller's transaction. */
export type DeliveryRepository = ReturnType<typeof createDeliveryRepository>;

export function createDeliveryRepository(database: Database) {
  const sql = {
    add: database.prepare(
      `INSERT INTO extension_event_delivery (id, event_id, install_id, handler, state, next_at, created_at)
       VALUES (@id, @event_id, @install_id, @handler, 'pending', @at, @at)`,
    ),
    byId: database.prepare<[string], DeliveryRow>("SELECT * FROM extension_event_delivery WHERE id = ?"),
    ofEvent: database.prepare<[string], DeliveryRow>(
      "SELECT * FROM extension_event_delivery WHERE event_id = ? ORDER BY seq",
    ),
    dead: database.prepare<[], DeliveryRow>(
      `SELECT * FROM extension_event_delivery WHERE state = 'dead' ORDER BY seq DESC LIMIT ${MAX_DEAD_LISTED}`,
    ),
    waiting: database
      .prepare<[], number>("SELECT COUNT(*) FROM extension_event_delivery WHERE next_at IS NOT NULL")
      .pluck(),
    deadCount: database
      .prepare<[], number>("SELECT COUNT(*) FROM extension_event_delivery WHERE state = 'dead'")
      .pluck(),
    due: database.prepare<[string], DeliveryRow>(
      "SELECT * FROM extension_event_delivery WHERE next_at <= ? ORDER BY next_at, seq",
    ),
    claim: database.prepare(
      `UPDATE extension_event_delivery SET state = 'delivering', attempts = attempts + 1, next_at = @until
       WHERE id = @id AND next_at = @seen AND next_at <= @now`,
    ),
    renew: database.prepare(
      "UPDATE extension_event_delivery SET next_at = @until WHERE id = @id AND state = 'delivering' AND next_at = @seen",
    ),
    settle: database.prepare(
      `UPDATE extension_event_delivery SET state = @state, attempts = @attempts, next_at = @next_at,
         last_error = @last_error, last_execution_id = @last_execution_id, finished_at = @finished_at
       WHERE id = @id`,
    ),
    attempts: database.prepare<[string], AttemptRow>(
      `SELECT attempt, started_at, finished_at, status, code, error, execution_id
       FROM extension_event_attempt WHERE delivery_id = ? ORDER BY seq`,
    ),
    beginAttempt: database.prepare(
      "INSERT INTO extension_event_attempt (delivery_id, attempt, started_at) VALUES (?, ?, ?)",
    ),
    endAttempts: database.prepare(
      `UPDATE extension_event_attempt SET finished_at = @finished_at, status = @status, code = @code, error = @error,
         execution_id = @execution_id WHERE delivery_id = @id AND finished_at IS NULL`,
    ),
  };
  return {
    add: (row: Pick<DeliveryRow, "id" | "event_id" | "install_id" | "handler"> & { at: string }) =>
      void sql.add.run(row),
    get: (id: string): DeliveryRow | undefined => sql.byId.get(id),
    ofEvent: (eventId: string): DeliveryRow[] => sql.ofEvent.all(eventId),
    /** Newest first. */
    dead: (): DeliveryRow[] => sql.dead.all(),
    counts: () => ({ waiting: sql.waiting.get() ?? 0, dead: sql.deadCount.get() ?? 0 }),
    /** Pending ones whose time has come, and those whose host has gone. */
    due: (at: string): DeliveryRow[] => sql.due.all(at),
    /** False when another host was quicker. */
    claim: (row: DeliveryRow, now: string, until: string): boolean =>
      sql.claim.run({ id: row.id, seen: row.next_at, now, until }).changes === 1,
    /** False when it is no longer ours. */
    renew: (id: string, seen: string, until: string): boolean =>
      sql.renew.run({ id, seen, until }).changes === 1,
    settle: (
      row: Pick<
        DeliveryRow,
        "id" | "state" | "attempts" | "next_at" | "last_error" | "last_execution_id" | "finished_at"
      >,
    ) => void sql.settle.run(row),
    attempts: (id: string): DeliveryAttempt[] => sql.attempts.all(id).map(toAttempt),
    beginAttempt: (id: string, attempt: number, at: string) => void sql.beginAttempt.run(id, attempt, at),
    endAttempt(id: string, end: AttemptEnd, at: string): void {
      const { status = null, code = null, error = null, execution_id = null } = end;
      sql.endAttempts.run({ id, finished_at: at, status, code, error, execution_id });
    },
  };
}

function toAttempt(row: AttemptRow): DeliveryAttempt {
  return {
    attempt: row.attempt,
    started_at: row.started_at,
    ...(row.finished_at === null ? {} : { finished_at: row.finished_at }),
    ...(row.status === null ? {} : { status: row.status }),
    ...(row.code === null ? {} : { code: row.code }),
    ...(row.error === null ? {} : { error: row.error }),
    ...(row.execution_id === null ? {} : { execution_id: row.execution_id }),
  };
}
