import type { Usage } from "../contract/execute.ts";
import { MIB } from "../contract/limits.ts";
import type { Database } from "../store/index.ts";

/** Quotas are per minute of the clock, UTC. */
const WINDOW_MS = 60_000;

/** What one install used in one window. */
export interface WindowUsage {
  readonly invocations: number;
  readonly errors: number;
  readonly duration_ms: number;
  /** Peak memory in MiB times duration in milliseconds, summed over the calls. */
  readonly memory_ms: number;
  readonly fuel: number;
  readonly egress_bytes: number;
}

const UNUSED: WindowUsage = {
  invocations: 0,
  errors: 0,
  duration_ms: 0,
  memory_ms: 0,
  fuel: 0,
  egress_bytes: 0,
};

export interface UsageLedger {
  /** Adds one call to the window of `at`. */
  record(entry: {
    readonly install: {
      readonly tenant_id: string;
      readonly registry_id: string;
      readonly install_id: string;
    };
    readonly at: Date;
    readonly usage: Usage;
    readonly failed: boolean;
  }): void;
  /** The install's usage in the window of `at`. */
  window(
    installId: string,
    at: Date,
  ): { readonly start: string; readonly endsInMs: number; readonly usage: WindowUsage };
  egressWindow(installId: string, at: Date): { readonly bytes: number; readonly endsInMs: number };
  /** Removes windows that began before. @returns how many */
  prune(before: Date): number;
}

/** Kept in the database, so that a restart or a second process starts from what was used. */
export function createUsageLedger({ database }: { database: Database }): UsageLedger {
  const add = database.prepare(
    `INSERT INTO extension_quota_usage (tenant_id, extension_id, install_id, window_start, invocations, errors,
       duration_ms, memory_ms, fuel, egress_bytes)
     VALUES (@tenant_id, @extension_id, @install_id, @window_start, 1, @errors, @duration_ms, @memory_ms, @fuel,
       @egress_bytes)
     ON CONFLICT (install_id, window_start) DO UPDATE SET invocations = invocations + 1,
       errors = errors + excluded.errors, duration_ms = duration_ms + excluded.duration_ms,
       memory_ms = memory_ms + excluded.memory_ms, fuel = fuel + excluded.fuel,
       egress_bytes = egress_bytes + excluded.egress_bytes`,
  );
  const read = database.prepare<[string, string], WindowUsage>(
    `SELECT invocations, errors, duration_ms, memory_ms, fuel, egress_bytes FROM extension_quota_usage
     WHERE install_id = ? AND window_start = ?`,
  );
  const remove = database.prepare("DELETE FROM extension_quota_usage WHERE window_start < ?");

  const window = (installId: string, at: Date) => {
    const start = windowStart(at);
    return {
      start: start.toISOString(),
      endsInMs: start.getTime() + WINDOW_MS - at.getTime(),
      usage: read.get(installId, start.toISOString()) ?? UNUSED,
    };
  };
  return {
    record: ({ install, at, usage, failed }) => {
      add.run({
        tenant_id: install.tenant_id,
        extension_id: install.registry_id,
        install_id: install.install_id,
        window_start: windowStart(at).toISOString(),
        errors: failed ? 1 : 0,
        duration_ms: usage.duration_ms,
        memory_ms: (usage.memory_bytes / MIB) * usage.duration_ms,
        fuel: usage.fuel,
        egress_bytes: usage.egress_bytes,
      });
    },
    window,
    egressWindow: (installId, at) => {
      const { usage, endsInMs } = window(installId, at);
      return { bytes: usage.egress_bytes, endsInMs };
    },
    prune: (before) => remove.run(before.toISOString()).changes,
  };
}

function windowStart(at: Date): Date {
  return new Date(Math.floor(at.getTime() / WINDOW_MS) * WINDOW_MS);
}
