import { describe, expect, it } from "vitest";
import { DEFAULT_LOG_LINE_BYTES, DEFAULT_LOG_LINES } from "../../../core/contract/limits.ts";
import { createLogSink, type GuestLogLine } from "../../../core/runner/guest/log-sink.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

function sink() {
  const lines: GuestLogLine[] = [];
  const at = new Date("2026-01-01T00:00:00Z");
  const log = createLogSink(
    (line) => lines.push(line),
    () => at,
  );
  return { lines, log };
}

describe("the log of an execution", () => {
  it("turns standard output and error into lines, wherever the writes were cut", () => {
    const { lines, log } = sink();
    log.write("stdout", bytes("one\ntw"));
    log.write("stderr", bytes("oops\n"));
    log.write("stdout", bytes("o\n\nhalf"));
    expect(log.close()).toBe(5);
    expect(lines.map(({ stream, message }) => [stream, message])).toEqual([
      ["stdout", "one"],
      ["stderr", "oops"],
      ["stdout", "two"],
      ["stdout", ""],
      ["stdout", "half"],
    ]);
  });

  it("cuts a long line at its limit in bytes and says so", () => {
    const { lines, log } = sink();
    log.log("info", "x".repeat(DEFAULT_LOG_LINE_BYTES));
    log.log("info", "x".repeat(DEFAULT_LOG_LINE_BYTES + 1));
    log.log("info", "é".repeat(DEFAULT_LOG_LINE_BYTES));
    log.log("info", `x${"é".repeat(DEFAULT_LOG_LINE_BYTES)}`);
    log.write("stdout", bytes(`x${"é".repeat(DEFAULT_LOG_LINE_BYTES)}\nnext\n`));
    expect(lines.map(({ message, truncated }) => [Buffer.byteLength(message), truncated])).toEqual([
      [DEFAULT_LOG_LINE_BYTES, false],
      [DEFAULT_LOG_LINE_BYTES, true],
      [DEFAULT_LOG_LINE_BYTES, true],
      [DEFAULT_LOG_LINE_BYTES - 1, true],
      [DEFAULT_LOG_LINE_BYTES - 1, true],
      [4, false],
    ]);
    expect(lines.some(({ message }) => message.includes("\uFFFD"))).toBe(false);
  });

  it("keeps its budget of lines over all streams and tells once how many it dropped", () => {
    const { lines, log } = sink();
    for (let index = 0; index < DEFAULT_LOG_LINES; index++) log.log("info", "line");
    log.write("stdout", bytes("one\ntwo\n"));
    log.log("error", "three");
    expect(log.close()).toBe(DEFAULT_LOG_LINES);
    expect(lines).toHaveLength(DEFAULT_LOG_LINES + 1);
    expect(lines.at(-1)).toMatchObject({
      stream: "host",
      message: expect.stringContaining("dropped 3 log lines"),
    });
  });

  it("replaces what is no Unicode instead of failing", () => {
    const { lines, log } = sink();
    log.log("info", "a\uD800b");
    log.write("stdout", new Uint8Array([0x61, 0xff, 0x62, 0x0a]));
    expect(lines.map(({ message }) => message)).toEqual(["a\uFFFDb", "a\uFFFDb"]);
  });
});
