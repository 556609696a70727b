import { WINDOW_PERIODS, type WindowPeriod } from "../contract/limit-catalogue.ts";
import type { LimitScope } from "../policy/index.ts";
import { type Database, dataVersionOf } from "../store/index.ts";

/** What was used in one window. */
export interface WindowUsage {
  readonly invocations: number;
  readonly errors: number;
  /** Calls turned away by rate, concurrency or quota. */
  readonly refused: number;
  readonly duration_ms: number;
  readonly cpu_ms: number;
  /** Peak memory in MiB times duration in milliseconds, summed over the calls. */
  readonly memory_ms: number;
  readonly fuel: number;
  readonly egress_bytes: number;
}

export const UNUSED: WindowUsage = {
  invocations: 0,
  errors: 0,
  refused: 0,
  duration_ms: 0,
  cpu_ms: 0,
  memory_ms: 0,
  fuel: 0,
  egress_bytes: 0,
};
export const SUMMED = Object.keys(UNUSED) as (keyof WindowUsage)[]; // the object above has exactly these

export interface UsageOwner {
  readonly tenant_id: string;
  readonly registry_id: string;
  readonly install_id: string;
}

/** What is to be added to one window of one install. */
export interface UsageAddition extends UsageOwner, WindowUsage {
  readonly kind: WindowPeriod;
  /** ISO 8601, UTC. */
  readonly start: string;
  readonly peak_in_flight: number;
  readonly peak_memory_bytes: number;
  readonly peak_fuel: number;
}

export interface DurationAddition {
  readonly install_id: string;
  readonly start: string;
  readonly class: number;
  readonly calls: number;
}

/** Windows of which the newest so many of an install stay whatever the clock says, and how old the others may be. */
const KEPT: Readonly<Record<WindowPeriod, { readonly newest: number; readonly days: number }>> = {
  minute: { newest: 2_880, days: 2 },
  hour: { newest: 1_488, days: 62 },
  day: { newest: 731, days: 731 },
  month: { newest: 120, days: 3_653 },
};
const DAY_MS = 86_400_000;
const COLUMNS = { install: "install_id", extension: "extension_id", tenant: "tenant_id" } as const;

/** Owns `extension_quota_usage` and `extension_duration_histogram`. */
export type UsageRows = ReturnType<typeof createUsageRows>;

export function createUsageRows(database: Database) {
  const add = database.prepare<[UsageAddition]>(
    `INSERT INTO extension_quota_usage (tenant_id, extension_id, install_id, window_kind, window_start,
       ${SUMMED.join(", ")}, peak_in_flight, peak_memory_bytes, peak_fuel)
     VALUES (@tenant_id, @registry_id, @install_id, @kind, @start, ${SUMMED.map((name) => `@${name}`).join(", ")},
       @peak_in_flight, @peak_memory_bytes, @peak_fuel)
     ON CONFLICT (install_id, window_kind, window_start) DO UPDATE SET
       ${SUMMED.map((name) => `${name} = ${name} + excluded.${name}`).join(", ")},
       peak_in_flight = max(peak_in_flight, excluded.peak_in_flight),
       peak_memory_bytes = max(peak_memory_bytes, excluded.peak_memory_bytes),
       peak_fuel = max(peak_fuel, excluded.peak_fuel)`,
  );
  const addDuration = database.prepare<[DurationAddition]>(
    `INSERT INTO extension_duration_histogram (install_id, window_start, class, calls)
     VALUES (@install_id, @start, @class, @calls) ON CONFLICT DO UPDATE SET calls = calls + excluded.calls`,
  );
  const read = { install: reading("install"), extension: reading("extension"), tenant: reading("tenant") };
  const remove = database.prepare<[WindowPeriod, number, string]>(
    `DELETE FROM extension_quota_usage WHERE (install_id, window_kind, window_start) IN (
       SELECT install_id, window_kind, window_start FROM (
         SELECT install_id, window_kind, window_start, row_number() OVER (
           PARTITION BY install_id ORDER BY window_start DESC) AS place
         FROM extension_quota_usage WHERE window_kind = ?)
       WHERE place > ? AND window_start < ?)`,
  );
  const removeDurations = database.prepare(
    `DELETE FROM extension_duration_histogram WHERE NOT EXISTS (
       SELECT 1 FROM extension_quota_usage u WHERE u.install_id = extension_duration_histogram.install_id
         AND u.window_kind = 'minute' AND u.window_start = extension_duration_histogram.window_start)`,
  );

  function reading(scope: LimitScope) {
    return database.prepare<[string, WindowPeriod, string], WindowUsage>(
      `SELECT ${SUMMED.map((name) => `coalesce(sum(${name}), 0) AS ${name}`).join(", ")} FROM extension_quota_usage
       WHERE ${COLUMNS[scope]} = ? AND window_kind = ? AND window_start = ?`,
    );
  }

  const write = database.transaction(
    (rows: Iterable<UsageAddition>, durations: Iterable<DurationAddition>): void => {
      for (const row of rows) add.run(row);
      for (const duration of durations) addDuration.run(duration);
    },
  );

  return {
    /** All of it or nothing. */
    add: (rows: Iterable<UsageAddition>, durations: Iterable<DurationAddition>): void =>
      write.immediate(rows, durations),
    window: (scope: LimitScope, id: string, period: WindowPeriod, start: string): WindowUsage =>
      read[scope].get(id, period, start) ?? UNUSED,
    /** Another figure when another connection has written. */
    revision: dataVersionOf(database),
    /** Removes old windows. A clock that is wrong removes none of the newest. @returns how many */
    prune(now: Date): number {
      let removed = 0;
      for (const kind of WINDOW_PERIODS) {
        const { newest, days } = KEPT[kind];
        removed += remove.run(kind, newest, new Date(now.getTime() - days * DAY_MS).toISOString()).changes;
      }
      removeDurations.run();
      return removed;
    },
  };
}
