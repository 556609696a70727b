import { describe, expect, test } from "vitest";
import { LOOP_STAGES, type LoopState } from "../../../core/contract/rpc/loop.ts";
import { linesBetween } from "../../../renderer/state/loop/build-lines.ts";

const AT = "2026-03-01T12:00:00.000Z";
const WAITING = LOOP_STAGES.map((stage) => ({ stage, status: "waiting" as const }));

function running(number: number, done = 0): LoopState {
  const stages = WAITING.map((stage, index) =>
    index < done ? { ...stage, status: "done" as const, ms: 4.4 } : stage,
  );
  return {
    mode: "watching",
    stale: false,
    turn: { number, kind: "full", status: "running", started_at: AT, changed_files: 2, stages },
  };
}

const texts = (before: LoopState | undefined, now: LoopState): string[] =>
  linesBetween(before, now, AT).map(({ text }) => text);

describe("the build output", () => {
  test("says each stage once, though states may be left out", () => {
    expect(texts(undefined, running(1))).toEqual(["Turn 1: 2 files changed"]);
    expect(texts(running(1), running(1, 2))).toEqual(["  build 4 ms", "  pack 4 ms"]);
    expect(texts(running(1, 2), running(1, 2))).toEqual([]);
    expect(texts(running(1, 2), running(3, 1))).toEqual(["Turn 3: 2 files changed", "  build 4 ms"]);
  });

  test("ends with every place of a failure and what stays installed", () => {
    const now = running(2, 0);
    const failed: LoopState = {
      ...now,
      stale: true,
      last_good: {
        name: "a",
        version: "1.0.0-dev.0",
        key_id: "key-1",
        install_id: "i",
        content_hash: "h",
        at: AT,
        duration_ms: 1,
      },
      ...(now.turn && {
        turn: {
          ...now.turn,
          status: "failed",
          duration_ms: 10,
          failure: {
            code: "type_error",
            message: "One error.",
            diagnostics: [{ file: "src/a.ts", line: 3, column: 7, code: "TS1", message: "No." }],
          },
        },
      }),
    };
    expect(texts(now, failed)).toEqual([
      "✕ One error. (type_error)",
      "  src/a.ts:3:7 TS1 No.",
      "  1.0.0-dev.0 stays installed.",
    ]);
  });
});
