import { describe, expect, it } from "vitest";
import { createSecretText } from "../../../core/platform/secret-text.ts";
import { createCallRecorder, type LocalCall } from "../../../core/runner/journal/call-recorder.ts";
import { createHostCallJournal } from "../../../core/runner/journal/host-call-journal.ts";

const MEBIBYTE = 1024 * 1024;

function reportsOf(lines: Iterable<string>): LocalCall[] {
  const reports: LocalCall[] = [];
  const recorder = createCallRecorder((call) => reports.push(call));
  for (const line of lines) recorder.observe("logging", "logInfo", [line], () => undefined);
  return reports;
}

const charactersOf = (reports: readonly LocalCall[]) =>
  reports.reduce((sum, { args }) => sum + String(args[0]).length, 0);

describe("lines that nobody waits for", () => {
  it("are handed over as they are while the journal would keep them", () => {
    const lines = ["short", "x".repeat(200_000)];
    expect(reportsOf(lines).map(({ args, cutFrom }) => [args[0], cutFrom])).toEqual(
      lines.map((line) => [line, undefined]),
    );
  });

  it("fill nothing however long and however many they are", () => {
    const line = "ü".repeat(4 * MEBIBYTE);
    const huge = reportsOf(Array.from({ length: 2_000 }, () => line));
    expect(huge).toHaveLength(1_000);
    expect(huge[0]).toMatchObject({ cutFrom: 8 * MEBIBYTE });
    expect(charactersOf(huge)).toBeLessThan(16 * MEBIBYTE);
    const long = reportsOf(Array.from({ length: 2_000 }, () => "x".repeat(200_000)));
    expect(charactersOf(long)).toBeLessThan(16 * MEBIBYTE);
  });

  it("come with nothing that is no text, whatever a component declares", () => {
    const reports: LocalCall[] = [];
    const recorder = createCallRecorder((call) => reports.push(call));
    for (const args of [[new Uint8Array(MEBIBYTE)], [["x".repeat(MEBIBYTE)]], []])
      recorder.observe("context", "getContext", args, () => undefined);
    expect(reports.map(({ args }) => args)).toEqual([[], [], []]);
  });

  it.each(["full", "digest"] as const)(
    "stand in the journal as the size of the whole and the digest of its beginning (%s)",
    (mode) => {
      const record = (line: string) => {
        const journal = createHostCallJournal({
          mode,
          executionId: "execution",
          startedUs: 0,
          secrets: () => createSecretText([["key", "a-secret-value"]]),
        });
        for (const call of reportsOf([line])) journal.local(call);
        return journal.end(undefined, {}).calls[0];
      };
      const line = `a-secret-value ${"x".repeat(MEBIBYTE)}`;
      const recorded = record(line);
      expect(recorded).toMatchObject({
        arguments: [
          { $digest: { kind: "text", size: line.length, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) } },
        ],
        truncated: ["arguments"],
        redacted: ["arguments"],
      });
      expect(record(line)).toMatchObject({ arguments: recorded?.arguments });
      expect(record(`y${line}`)?.arguments).not.toEqual(recorded?.arguments);
    },
  );
});
