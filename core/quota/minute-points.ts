import type { UsagePoint } from "../contract/rpc/quotas.ts";
import type { Database } from "../store/index.ts";
import { percentiles, type UsageFilter } from "./live-usage.ts";
import type { UsageLedger } from "./usage-ledger.ts";

const MINUTE_SECONDS = 60;

interface MinuteRow extends Omit<UsagePoint, "at" | "p50_ms" | "p95_ms"> {
  readonly start: string;
}
interface DurationRow {
  readonly start: string;
  readonly class: number;
  readonly calls: number;
}

/** The usage of minutes, of every process that used this database. */
export function createMinutePoints(options: {
  database: Database;
  /** Writes what this process has not written yet. */
  ledger: Pick<UsageLedger, "flush">;
}) {
  const { database, ledger } = options;
  const matching = `u.window_kind = 'minute' AND u.window_start >= @from AND u.window_start < @until
    AND (@tenant IS NULL OR u.tenant_id = @tenant) AND (@registry IS NULL OR u.extension_id = @registry)
    AND (@install IS NULL OR u.install_id = @install)`;
  const rows = database.prepare<unknown[], MinuteRow>(
    `SELECT u.window_start AS start, sum(invocations) AS calls, sum(errors) AS errors, sum(refused) AS refused,
       sum(peak_in_flight) AS concurrency, max(peak_fuel) AS fuel, max(peak_memory_bytes) AS memory_bytes,
       sum(egress_bytes) AS egress_bytes
     FROM extension_quota_usage u WHERE ${matching} GROUP BY u.window_start`,
  );
  const durations = database.prepare<unknown[], DurationRow>(
    `SELECT u.window_start AS start, d.class AS class, sum(d.calls) AS calls
     FROM extension_quota_usage u JOIN extension_duration_histogram d
       ON d.install_id = u.install_id AND d.window_start = u.window_start
     WHERE ${matching} GROUP BY u.window_start, d.class`,
  );

  return {
    /** One point a minute in `[from, until)`, Unix seconds; minutes without calls are zeros. */
    points(filter: UsageFilter, from: number, until: number): UsagePoint[] {
      ledger.flush();
      const first = Math.ceil(from / MINUTE_SECONDS) * MINUTE_SECONDS;
      const asked = {
        from: iso(first),
        until: iso(until),
        tenant: filter.tenant_id ?? null,
        registry: filter.registry_id ?? null,
        install: filter.install_id ?? null,
      };
      const used = new Map(rows.all(asked).map(({ start, ...row }) => [start, row]));
      const classes = new Map<string, Map<number, number>>();
      for (const { start, class: index, calls } of durations.all(asked)) {
        const of = classes.get(start) ?? new Map<number, number>();
        classes.set(start, of.set(index, calls));
      }
      const points: UsagePoint[] = [];
      for (let at = first; at + MINUTE_SECONDS <= until; at += MINUTE_SECONDS) {
        const start = iso(at);
        points.push({ at, ...NOTHING, ...used.get(start), ...percentiles(classes.get(start) ?? new Map()) });
      }
      return points;
    },
  };
}

const NOTHING = {
  calls: 0,
  errors: 0,
  refused: 0,
  concurrency: 0,
  fuel: 0,
  memory_bytes: 0,
  egress_bytes: 0,
};

function iso(seconds: number): string {
  return new Date(seconds * 1_000).toISOString();
}
