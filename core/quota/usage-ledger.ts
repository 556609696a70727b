import type { Usage } from "../contract/execute.ts";
import { WINDOW_PERIODS, type WindowPeriod } from "../contract/limit-catalogue.ts";
import { MIB } from "../contract/limits.ts";
import type { LimitScope } from "../policy/index.ts";
import type { Database } from "../store/index.ts";
import { durationClass } from "./durations.ts";
import { type Window, windowOf } from "./window.ts";

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

const UNUSED: WindowUsage = {
  invocations: 0,
  errors: 0,
  refused: 0,
  duration_ms: 0,
  cpu_ms: 0,
  memory_ms: 0,
  fuel: 0,
  egress_bytes: 0,
};

export interface UsageOwner {
  readonly tenant_id: string;
  readonly registry_id: string;
  readonly install_id: string;
}

export interface EndedCall {
  readonly install: UsageOwner;
  /** When it began: its windows are those. */
  readonly at: Date;
  readonly usage: Usage;
  readonly failed: boolean;
  /** Calls of the install that ran when it began, itself included. */
  readonly inFlight: number;
}

/** Windows of which the newest so many of an install stay whatever the clock says, and how old the others may be. */
const KEPT: Readonly<Record<WindowPeriod, { readonly newest: number; readonly days: number }>> = {
  minute: { newest: 2_880, days: 2 },
  hour: { newest: 1_488, days: 62 },
  day: { newest: 731, days: 731 },
  month: { newest: 120, days: 3_653 },
};
const DAY_MS = 86_400_000;

export interface UsageLedger {
  /** Adds one call to the windows of `at`, in one transaction. */
  record(call: EndedCall): void;
  /** Counts a call that was turned away. */
  refused(install: UsageOwner, at: Date): void;
  /** The scope's usage in the window of `at`. */
  window(
    of: { readonly scope: LimitScope; readonly id: string },
    period: WindowPeriod,
    at: Date,
  ): Window & { readonly usage: WindowUsage };
  /** Removes old windows. A clock that is wrong removes none of the newest. @returns how many */
  prune(now: Date): number;
}

const COLUMNS = { install: "install_id", extension: "extension_id", tenant: "tenant_id" } as const;
const SUMMED = Object.keys(UNUSED) as (keyof WindowUsage)[]; // the object above has exactly these

/** Kept in the database, so that a restart or a second process starts from what was used. */
export function createUsageLedger({ database }: { database: Database }): UsageLedger {
  const add = database.prepare(
    `INSERT INTO extension_quota_usage (tenant_id, extension_id, install_id, window_kind, window_start, invocations,
       errors, refused, duration_ms, cpu_ms, memory_ms, fuel, egress_bytes, peak_in_flight, peak_memory_bytes, peak_fuel)
     VALUES (@tenant_id, @registry_id, @install_id, @kind, @start, @invocations, @errors, @refused, @duration_ms,
       @cpu_ms, @memory_ms, @fuel, @egress_bytes, @in_flight, @memory_bytes, @fuel)
     ON CONFLICT (install_id, window_kind, window_start) DO UPDATE SET
       ${SUMMED.map((name) => `${name} = ${name} + excluded.${name}`).join(", ")},
       peak_in_flight = max(peak_in_flight, excluded.peak_in_flight),
       peak_memory_bytes = max(peak_memory_bytes, excluded.peak_memory_bytes),
       peak_fuel = max(peak_fuel, excluded.peak_fuel)`,
  );
  const addDuration = database.prepare(
    `INSERT INTO extension_duration_histogram (install_id, window_start, class, calls) VALUES (?, ?, ?, 1)
     ON CONFLICT DO UPDATE SET calls = calls + 1`,
  );
  const read = {
    install: database.prepare<[string, WindowPeriod, string], WindowUsage>(
      `SELECT ${SUMMED.join(", ")} FROM extension_quota_usage
       WHERE install_id = ? AND window_kind = ? AND window_start = ?`,
    ),
    extension: summing("extension"),
    tenant: summing("tenant"),
  };
  const remove = database.prepare(
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

  function summing(scope: "extension" | "tenant") {
    return database.prepare<[string, WindowPeriod, string], WindowUsage>(
      `SELECT ${SUMMED.map((name) => `coalesce(sum(${name}), 0) AS ${name}`).join(", ")} FROM extension_quota_usage
       WHERE ${COLUMNS[scope]} = ? AND window_kind = ? AND window_start = ?`,
    );
  }

  const record = database.transaction(({ install, at, usage, failed, inFlight }: EndedCall) => {
    for (const kind of WINDOW_PERIODS) {
      const { start } = windowOf(kind, at);
      add.run({
        ...ownerOf(install),
        kind,
        start,
        invocations: 1,
        errors: failed ? 1 : 0,
        refused: 0,
        duration_ms: usage.duration_ms,
        cpu_ms: cpuMs(usage),
        memory_ms: (usage.memory_bytes / MIB) * usage.duration_ms,
        fuel: usage.fuel,
        egress_bytes: usage.egress_bytes,
        in_flight: inFlight,
        memory_bytes: usage.memory_bytes,
      });
      if (kind === "minute") addDuration.run(install.install_id, start, durationClass(usage.duration_ms));
    }
  });

  return {
    record: (call) => record.immediate(call),
    refused: (install, at) => {
      // Quotas do not count it, the charts do: they are made of minutes.
      const none = { ...UNUSED, refused: 1, in_flight: 0, memory_bytes: 0 };
      add.run({ ...none, ...ownerOf(install), kind: "minute", start: windowOf("minute", at).start });
    },
    window: ({ scope, id }, period, at) => {
      const window = windowOf(period, at);
      return { ...window, usage: read[scope].get(id, period, window.start) ?? UNUSED };
    },
    prune: (now) => {
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

/** The guest's own time. A runner that does not tell it apart is charged the time that the call took. */
function cpuMs({ guest_ms, duration_ms }: Usage): number {
  return guest_ms ?? duration_ms;
}

function ownerOf({ tenant_id, registry_id, install_id }: UsageOwner): UsageOwner {
  return { tenant_id, registry_id, install_id };
}
