import { setImmediate as nextTurn } from "node:timers/promises";
import { MIB } from "../contract/limits.ts";
import { type Pruned, type RetentionPolicy, retentionPolicySchema } from "../contract/retention.ts";
import type { Clock } from "../platform/clock.ts";
import type { Database } from "../store/index.ts";
import type { ExecutionLog } from "./execution-log.ts";
import type { PrunePolicy } from "./execution-pruning.ts";
import type { LogBook } from "./log-book.ts";

const DAY_MS = 24 * 60 * 60 * 1_000;
const EVERY_MS = 60 * 60 * 1_000;
const SETTING = "retention";
/** Below the bound, so that the next rows do not reach it at once. */
const ROOM = 0.9;

export interface Retention {
  policy(): RetentionPolicy;
  setPolicy(policy: RetentionPolicy): void;
  /** Removes what is not kept, in small chunks between which everything else goes on. */
  prune(policy?: RetentionPolicy, signal?: AbortSignal): Promise<Pruned>;
  /** Prunes now and every hour; the answer stops. @param onFailure what a prune that failed met */
  start(onFailure: (error: unknown) => void): () => void;
}

export interface RetentionOptions {
  database: Database;
  clock: Clock;
  executions: Pick<ExecutionLog, "prune">;
  logs: Pick<LogBook, "prune">;
  /** What is kept of executions besides their rows, and goes with them. */
  recordings: { prune(policy: PrunePolicy): Iterable<number> };
  settings: { get(name: string): string | undefined; set(name: string, value: string): void };
}

export function createRetention(options: RetentionOptions): Retention {
  const { database, clock, executions, logs, recordings, settings } = options;
  const count = (table: string) => Number(database.prepare(`SELECT count(*) FROM ${table}`).pluck().get());
  const daysAgo = (days: number) => new Date(clock.now().getTime() - days * DAY_MS);

  /** How much of the rows the bound on bytes leaves; 1 when it is not reached. */
  function share({ megabytes }: RetentionPolicy): number {
    const pragma = (name: string) => Number(database.pragma(name, { simple: true }));
    const used = (pragma("page_count") - pragma("freelist_count")) * pragma("page_size");
    return used <= megabytes * MIB ? 1 : ((megabytes * MIB) / used) * ROOM;
  }

  const policy = (): RetentionPolicy => {
    const stored = settings.get(SETTING);
    // What another version of the workbench stored, or a hand, must not stop this one.
    return retentionPolicySchema.catch(retentionPolicySchema.parse({})).parse(stored && JSON.parse(stored));
  };

  const prune: Retention["prune"] = async (given = policy(), signal) => {
    const left = share(given);
    const rowsOf = (most: number, table: string) =>
      left === 1 ? most : Math.min(most, Math.floor(count(table) * left));
    const drain = async (chunks: Iterable<number>) => {
      let total = 0;
      for (const removed of chunks) {
        total += removed;
        await nextTurn();
        signal?.throwIfAborted();
      }
      return total;
    };
    const kept = {
      before: daysAgo(given.execution_days),
      maxRows: rowsOf(given.execution_rows, "extension_execution_log"),
    };
    await drain(recordings.prune(kept));
    return {
      executions: await drain(executions.prune(kept)),
      log_lines: await drain(
        logs.prune({
          before: daysAgo(given.log_days),
          maxRows: rowsOf(given.log_rows, "extension_log_event"),
        }),
      ),
    };
  };

  return {
    policy,
    setPolicy: (next) => settings.set(SETTING, JSON.stringify(next)),
    prune,
    start(onFailure) {
      const stop = new AbortController();
      const round = () =>
        void prune(policy(), stop.signal).catch((error: unknown) => {
          if (!stop.signal.aborted) onFailure(error);
        });
      const timer = setInterval(round, EVERY_MS);
      timer.unref();
      round();
      return () => {
        clearInterval(timer);
        stop.abort();
      };
    },
  };
}
