import type { SystemAnswer } from "../platform/system-call.ts";
import type { RunEnd } from "./run-repository.ts";

const FIRST_ERROR_STATUS = 400;

/** What the answer says of the run: refused by the gateway, failed in the handler, or done. */
export function endOf(answer: SystemAnswer, finishedAt: string): RunEnd {
  const { status, error, execution_id } = answer;
  const known = { finished_at: finishedAt, status, ...(execution_id === undefined ? {} : { execution_id }) };
  if (error !== undefined) return { ...known, outcome: "failed", code: error.code, error: error.message };
  if (status >= FIRST_ERROR_STATUS) {
    return { ...known, outcome: "failed", code: "handler_status", error: `The handler answered ${status}.` };
  }
  return { ...known, outcome: "succeeded" };
}

export function interruptedEnd(finishedAt: string): RunEnd {
  return {
    outcome: "interrupted",
    finished_at: finishedAt,
    code: "interrupted",
    error: "The host stopped during the run.",
  };
}

export function notRunEnd(
  outcome: "skipped" | "failed",
  code: string,
  error: string,
  finishedAt: string,
): RunEnd {
  return { outcome, finished_at: finishedAt, code, error };
}

export interface OccurrenceFacts {
  /** How long ago it should have begun, in milliseconds. */
  readonly lateMs: number;
  readonly missed: "run_once" | "skip";
  readonly isRunning: boolean;
  readonly problem: string | undefined;
}

export type Occurrence =
  | { readonly run: true; readonly trigger: "cron" | "missed" }
  | {
      readonly run: false;
      readonly trigger: "cron" | "missed";
      readonly outcome: "skipped" | "failed";
      readonly code: string;
      readonly error: string;
    };

/** Later than this, an occurrence was missed: no host ran, or the machine slept. */
export const MISSED_AFTER_MS = 60_000;

/** Whether an occurrence that has been claimed is to run. */
export function judgeOccurrence({ lateMs, missed, isRunning, problem }: OccurrenceFacts): Occurrence {
  const trigger = lateMs > MISSED_AFTER_MS ? "missed" : "cron";
  const not = (outcome: "skipped" | "failed", code: string, error: string) =>
    ({ run: false, trigger, outcome, code, error }) as const;
  if (problem !== undefined) return not("failed", "endpoint_removed", problem);
  if (trigger === "missed" && missed === "skip")
    return not("skipped", "missed", "No host was running at the time.");
  if (isRunning) return not("skipped", "overlap", "The run before was still going on.");
  return { run: true, trigger };
}
