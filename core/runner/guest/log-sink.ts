import { Buffer } from "node:buffer";
import { DEFAULT_LOG_LINE_BYTES, DEFAULT_LOG_LINES } from "../../contract/limits.ts";
import type { LogEvent, LogLevel } from "../../contract/log-event.ts";
import { LineSplitter } from "./line-splitter.ts";
import type { StandardStream } from "./wasi/index.ts";

/** A line as the worker knows it; whose it is, the runner's main thread adds. */
export type GuestLogLine = Pick<LogEvent, "ts" | "level" | "stream" | "message" | "truncated">;

export interface LogSink {
  log(level: LogLevel, message: string): void;
  write(stream: StandardStream, bytes: Uint8Array): void;
  /** A line of the host's own about this execution, such as why a call was refused. Counts like any other. */
  note(message: string): void;
  /** Flushes half lines and says how many were dropped. Answers the number of lines kept. */
  close(): number;
}

const STREAM_LEVEL = { stdout: "info", stderr: "error" } as const;

/**
 * The one way for an extension's words out of an execution: `log-*`, stdout and stderr share one budget of lines.
 * Lines leave at once, so that what a killed execution said before its end is not lost.
 */
export function createLogSink(emit: (line: GuestLogLine) => void, now: () => Date): LogSink {
  const decoder = new TextDecoder();
  let kept = 0;
  let dropped = 0;

  function add(stream: LogEvent["stream"], level: LogLevel, message: string, truncated: boolean): void {
    if (kept >= DEFAULT_LOG_LINES) {
      dropped++;
      return;
    }
    kept++;
    emit({ ts: now().toISOString(), level, stream, message, truncated });
  }

  const splitter = (stream: StandardStream) =>
    new LineSplitter(DEFAULT_LOG_LINE_BYTES, (line, truncated) =>
      add(stream, STREAM_LEVEL[stream], trimPartial(decoder.decode(line), truncated), truncated),
    );
  // Most extensions never write to them, and each holds a buffer.
  const splitters: { [Stream in StandardStream]?: LineSplitter } = {};

  return {
    log(level, message) {
      const { text, truncated } = truncate(message);
      add("log", level, text, truncated);
    },
    note: (message) => add("host", "warn", truncate(message).text, false),
    write(stream, bytes) {
      splitters[stream] ??= splitter(stream);
      splitters[stream].push(bytes);
    },
    close() {
      splitters.stdout?.end();
      splitters.stderr?.end();
      if (dropped > 0) {
        const message = `dropped ${dropped} log lines: an execution may write ${DEFAULT_LOG_LINES}`;
        emit({ ts: now().toISOString(), level: "warn", stream: "host", message, truncated: false });
      }
      return kept;
    },
  };
}

/** Cuts to the line limit in UTF-8 bytes without splitting a character. */
function truncate(message: string): { text: string; truncated: boolean } {
  // A UTF-16 unit is at most three bytes of UTF-8.
  if (message.length * 3 <= DEFAULT_LOG_LINE_BYTES) return { text: message.toWellFormed(), truncated: false };
  const head = Buffer.from(message.slice(0, DEFAULT_LOG_LINE_BYTES));
  if (message.length <= DEFAULT_LOG_LINE_BYTES && head.byteLength <= DEFAULT_LOG_LINE_BYTES)
    return { text: message.toWellFormed(), truncated: false };
  return { text: trimPartial(head.subarray(0, DEFAULT_LOG_LINE_BYTES).toString(), true), truncated: true };
}

/** A cut in the middle of a character decodes to a replacement character, which nobody wrote. */
function trimPartial(text: string, truncated: boolean): string {
  return truncated ? text.replace(/\uFFFD$/, "") : text;
}
