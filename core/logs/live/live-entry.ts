import type { ExecutionRecord } from "../../contract/execution-record.ts";
import {
  type LiveDecision,
  type LiveFilter,
  type LiveGap,
  type LivePosition,
  positionText,
} from "../../contract/live-stream.ts";
import { logLevelSchema } from "../../contract/log-event.ts";
import type { LogItem } from "../../contract/log-query.ts";

/** A row of the execution log that has begun or ended since it was last seen. */
export interface ExecutionChange {
  readonly revision: number;
  readonly record: ExecutionRecord;
}

/** Something that happened, with the place of a reader who has seen it. */
export type LiveEntry = { readonly at: LivePosition } & (
  | { readonly line: LogItem; readonly record?: never }
  | { readonly record: ExecutionRecord; readonly line?: never }
);

/**
 * Server-sent events of one entry that pass the filter; empty when none does.
 * @param encoded lines that were put into words for another filter of the same batch
 */
export type Frames = (entry: LiveEntry, encoded: Map<LogItem, string>) => string;

/** Two filters with the same key let the same events pass. */
export function filterKey(filter: LiveFilter): string {
  const { types, tenant_id, extension_id, request_id, min_level, text } = filter;
  return JSON.stringify([
    [...types].sort(),
    tenant_id,
    extension_id,
    request_id,
    min_level,
    text?.toLowerCase(),
  ]);
}

/** The filter, made ready once for all the entries that it will be asked about. */
export function framesFor(filter: LiveFilter): Frames {
  const types = new Set(filter.types);
  const levels = logLevelSchema.options;
  const lowest = filter.min_level === undefined ? 0 : levels.indexOf(filter.min_level);
  const text = filter.text?.toLowerCase() ?? "";
  const has = (...texts: readonly (string | undefined)[]) =>
    text === "" || texts.some((one) => one?.toLowerCase().includes(text) === true);
  const concerns = (of: Pick<LogItem, "tenant_id" | "extension_id" | "request_id">) =>
    (filter.tenant_id === undefined || of.tenant_id === filter.tenant_id) &&
    (filter.extension_id === undefined || of.extension_id === filter.extension_id) &&
    (filter.request_id === undefined || of.request_id === filter.request_id);

  const ofLine = (line: LogItem, at: LivePosition, encoded: Map<LogItem, string>): string => {
    if (!types.has("log") || levels.indexOf(line.level) < lowest || !has(line.message)) return "";
    let frame = encoded.get(line);
    if (frame === undefined) {
      frame = `id: ${positionText(at)}\ndata: ${JSON.stringify(line)}\n\n`;
      encoded.set(line, frame);
    }
    return frame;
  };
  const ofRecord = (record: ExecutionRecord, at: LivePosition): string => {
    const { id, request_id, tenant_id, extension_id, trace } = record;
    const frames: string[] = [];
    if (types.has("decision") && record.outcome !== "running") {
      for (const decision of trace) {
        if (!has(decision.rule, decision.code, decision.detail)) continue;
        const event: LiveDecision = { execution_id: id, request_id, tenant_id, extension_id, ...decision };
        frames.push(named("decision", event));
      }
    }
    if (types.has("execution") && has(record.path, record.extension_name, record.code))
      frames.push(named("execution", record));
    // Only the last carries the id: a reader cut off between them gets all of them again.
    return frames.map((frame, index) => (index === frames.length - 1 ? withId(at, frame) : frame)).join("");
  };
  return (entry, encoded) => {
    if (!concerns(entry.line ?? entry.record)) return "";
    return entry.line === undefined
      ? ofRecord(entry.record, entry.at)
      : ofLine(entry.line, entry.at, encoded);
  };
}

/** What of a batch passes a filter, as bytes that any number of readers may share. */
export interface LiveBatch {
  readonly bytes: Uint8Array;
  readonly events: number;
}

const encoder = new TextEncoder();

export function batchOf(
  entries: readonly LiveEntry[],
  frames: Frames,
  encoded = new Map<LogItem, string>(),
): LiveBatch {
  let text = "";
  let events = 0;
  for (const entry of entries) {
    const frame = frames(entry, encoded);
    if (frame === "") continue;
    text += frame;
    events += 1;
  }
  return { bytes: encoder.encode(text), events };
}

export function gapFrame(gap: LiveGap, at: LivePosition): string {
  return withId(at, named("gap", gap));
}

/** JSON holds no line breaks, so one `data` line always suffices. */
function named(event: string, value: object): string {
  return `event: ${event}\ndata: ${JSON.stringify(value)}\n\n`;
}

function withId(at: LivePosition, frame: string): string {
  return `id: ${positionText(at)}\n${frame}`;
}
