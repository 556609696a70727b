import type { ExecutionRecord } from "../contract/execution-record.ts";
import type { ExecutionDetail, ExecutionRecording, LimitUse } from "../contract/execution-recording.ts";
import { MIB } from "../contract/limits.ts";
import { replayable } from "./replayability.ts";

/** What is shown of an execution besides its row. */
export function executionDetail(
  execution: ExecutionRecord,
  recording: ExecutionRecording | undefined,
): ExecutionDetail {
  const found = replayable(recording);
  return {
    limits: recording === undefined ? [] : limitUses(execution, recording),
    host_calls: recording?.journal?.calls ?? [],
    host_calls_dropped: recording?.journal?.dropped ?? 0,
    journal: recording?.journal?.mode ?? "none",
    replay: "code" in found ? { possible: false, ...found } : { possible: true },
  };
}

function limitUses({ usage, code }: ExecutionRecord, { limits }: ExecutionRecording): LimitUse[] {
  if (usage === undefined) return [];
  const use = (limit: LimitUse["limit"], allowed: number, used: number, hit: boolean): LimitUse => ({
    limit,
    allowed,
    used,
    hit,
    ...(used > allowed ? { over: used - allowed } : {}),
  });
  return [
    use("timeout_ms", limits.timeout_ms, usage.duration_ms, code === "timeout"),
    use("memory_bytes", limits.memory_mb * MIB, usage.memory_bytes, code === "memory_limit"),
    use("fuel", limits.fuel, usage.fuel, code === "fuel_exhausted"),
  ];
}
