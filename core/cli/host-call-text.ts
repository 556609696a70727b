import type { Usage } from "../contract/execute.ts";
import type { HostCallRecord } from "../contract/execution-journal.ts";
import type { ExecutionDetail, LimitUse } from "../contract/execution-recording.ts";
import { bytes, count, milliseconds, oneLine, table } from "./text.ts";

/** Width of the waterfall, in characters. */
const AXIS = 32;
const MAX_VALUE_CHARACTERS = 60;

/** The host calls of an execution as a table with its waterfall, its times and its limits, line by line. */
export function detailLines(detail: ExecutionDetail, usage: Usage | undefined): string[] {
  return [
    ...(usage === undefined ? [] : [timesOf(usage)]),
    ...detail.limits.map(limitLine),
    "",
    ...callLines(detail, usage?.duration_ms ?? 0),
    "",
    detail.replay.possible
      ? "Can be replayed."
      : `Cannot be replayed (${detail.replay.code}): ${detail.replay.reason}`,
  ];
}

function timesOf({ duration_ms, guest_ms, host_ms }: Usage): string {
  const split =
    guest_ms === undefined || host_ms === undefined
      ? ""
      : ` = guest ${milliseconds(guest_ms)} + host calls ${milliseconds(host_ms)} + runner ${milliseconds(Math.max(0, duration_ms - guest_ms - host_ms))}`;
  return `${milliseconds(duration_ms)}${split}`;
}

const UNITS: Record<LimitUse["limit"], readonly [string, (value: number) => string]> = {
  timeout_ms: ["time", milliseconds],
  memory_bytes: ["memory", bytes],
  fuel: ["fuel", count],
};

function limitLine({ limit, used, allowed, hit, over }: LimitUse): string {
  const [name, format] = UNITS[limit];
  const share = `${((used / allowed) * 100).toFixed(1)} %`;
  const verdict = hit ? ` — ended by it${over === undefined ? "" : `, ${format(over)} over`}` : "";
  return `${name} ${format(used)} of ${format(allowed)} (${share})${verdict}`;
}

function callLines(
  { host_calls: calls, host_calls_dropped: dropped, journal }: ExecutionDetail,
  duration: number,
): string[] {
  if (journal === "none") return ["No host-call journal is kept of this execution."];
  if (calls.length === 0) return ["It made no host calls."];
  const end = Math.max(duration, ...calls.map((call) => call.start_ms + call.duration_ms));
  return [
    `host calls, 0 to ${milliseconds(end)}`,
    table(
      ["#", "call", "arguments", "answer", "start", "took", "waterfall"],
      calls.map((call) => [
        String(call.sequence),
        `${call.interface}.${call.function}`,
        clip(call.arguments.map((argument) => JSON.stringify(argument)).join(", ")),
        answerOf(call),
        milliseconds(call.start_ms),
        milliseconds(call.duration_ms),
        bar(call, end),
      ]),
    ),
    ...(dropped > 0 ? [`… and ${count(dropped)} more, which are not recorded`] : []),
  ];
}

function answerOf(call: HostCallRecord): string {
  if (call.outcome !== "value") return [call.outcome, call.code].filter(Boolean).join(" ");
  return call.result === undefined ? "" : clip(JSON.stringify(call.result));
}

function bar({ start_ms, duration_ms }: HostCallRecord, end: number): string {
  const from = Math.min(AXIS - 1, Math.floor((start_ms / end) * AXIS));
  const length = Math.max(1, Math.min(AXIS - from, Math.round((duration_ms / end) * AXIS)));
  return `${"·".repeat(from)}${"█".repeat(length)}${"·".repeat(AXIS - from - length)}`;
}

function clip(text: string): string {
  const line = oneLine(text);
  return line.length > MAX_VALUE_CHARACTERS ? `${line.slice(0, MAX_VALUE_CHARACTERS - 1)}…` : line;
}
