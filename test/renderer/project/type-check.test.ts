import { describe, expect, it, vi } from "vitest";
import type { Finding } from "../../../core/contract/rpc/project.ts";
import { createTypeCheck } from "../../../renderer/state/project/type-check.ts";
import { createManualTimers } from "../timers.ts";

const finding: Finding = { source: "types", severity: "error", message: "x" };

function checkOfTest() {
  const timers = createManualTimers();
  const asked: { signal: AbortSignal; answer(findings: Finding[]): void; fail(): void }[] = [];
  const reported: (readonly Finding[])[] = [];
  const check = createTypeCheck(
    {
      checkTypes: (signal) =>
        new Promise((resolve, reject) => {
          asked.push({ signal, answer: resolve, fail: () => reject(new Error("no compiler")) });
        }),
    },
    timers,
    (findings) => reported.push(findings),
  );
  return { check, timers, asked, reported };
}

describe("checking types", () => {
  it("asks once for a burst of changes", () => {
    const { check, timers, asked } = checkOfTest();
    check.ask();
    check.ask();
    timers.elapse();
    expect(asked).toHaveLength(1);
    expect(check.get().running).toBe(true);
  });

  it("gives up the running check when something changes again, and takes only the newest answer", async () => {
    const { check, timers, asked, reported } = checkOfTest();
    check.ask();
    timers.elapse();
    check.ask();
    expect(asked[0]?.signal.aborted).toBe(true);
    timers.elapse();
    asked[0]?.answer([]);
    asked[1]?.answer([finding]);
    await vi.waitFor(() => expect(check.get().running).toBe(false));
    expect(reported).toEqual([[finding]]);
  });

  it("says why it could not check, and leaves what was found before", async () => {
    const { check, timers, asked, reported } = checkOfTest();
    check.ask();
    timers.elapse();
    asked[0]?.fail();
    await vi.waitFor(() => expect(check.get().failure?.message).toBe("no compiler"));
    expect(reported).toEqual([]);
    check.ask();
    expect(check.get().failure).toBeUndefined();
  });
});
