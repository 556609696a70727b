import { LOOP_STAGES, type LoopStage, type LoopTurn } from "../contract/rpc/loop.ts";
import { failureOf } from "./failure.ts";

interface TurnBegin {
  readonly number: number;
  readonly kind: LoopTurn["kind"];
  readonly startedAt: Date;
  readonly changedFiles: number;
}

export function beginTurn({ number, kind, startedAt, changedFiles }: TurnBegin): LoopTurn {
  return {
    number,
    kind,
    status: "running",
    started_at: startedAt.toISOString(),
    changed_files: changedFiles,
    stages: LOOP_STAGES.map((stage) => ({ stage, status: "waiting" as const })),
  };
}

export function stageBegan(turn: LoopTurn, stage: LoopStage): LoopTurn {
  return withStage(turn, stage, { status: "running" });
}

export function stageEnded(turn: LoopTurn, stage: LoopStage, ms: number): LoopTurn {
  return withStage(turn, stage, { status: "done", ms });
}

export function turnSucceeded(turn: LoopTurn, durationMs: number): LoopTurn {
  return { ...turn, status: "succeeded", duration_ms: durationMs };
}

/** The stage that was running is the one that failed, or that was cancelled. */
export function turnStopped(
  turn: LoopTurn,
  durationMs: number,
  error: unknown,
  isCancelled: boolean,
): LoopTurn {
  const status = isCancelled ? "cancelled" : "failed";
  return {
    ...turn,
    status,
    duration_ms: durationMs,
    stages: turn.stages.map((each) => (each.status === "running" ? { ...each, status } : each)),
    ...(isCancelled ? {} : { failure: failureOf(error) }),
  };
}

function withStage(turn: LoopTurn, stage: LoopStage, change: Partial<LoopTurn["stages"][number]>): LoopTurn {
  return {
    ...turn,
    stages: turn.stages.map((each) => (each.stage === stage ? { ...each, ...change } : each)),
  };
}
