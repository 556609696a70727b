import { describe, expect, it } from "vitest";
import { createLogLines, LOG_BATCH_MS, MAX_LOG_LINES } from "../../../renderer/state/log-lines.ts";
import { logEventOfTest } from "../installs.ts";
import { createManualTimers } from "../timers.ts";

describe("the log lines", () => {
  it("tells listeners once about a burst, after the batch's time", () => {
    const timers = createManualTimers();
    const logs = createLogLines(timers);
    let told = 0;
    logs.subscribe(() => {
      told += 1;
    });
    for (let index = 0; index < 5_000; index += 1) logs.append(logEventOfTest(`line ${index}`));
    expect(told).toBe(0);
    expect(timers.waiting).toEqual([LOG_BATCH_MS]);
    timers.elapse();
    expect(told).toBe(1);
    expect(logs.get().received).toBe(5_000);
  });

  it("keeps the newest lines up to its limit, in order of arrival", () => {
    const timers = createManualTimers();
    const logs = createLogLines(timers);
    for (let index = 1; index <= MAX_LOG_LINES + 2; index += 1) logs.append(logEventOfTest(`line ${index}`));
    timers.elapse();
    const { lines } = logs.get();
    expect(lines).toHaveLength(MAX_LOG_LINES);
    expect(lines[0]?.event.message).toBe("line 3");
    expect(lines.at(-1)?.event.message).toBe(`line ${MAX_LOG_LINES + 2}`);
  });

  it("forgets what was shown and what was about to be when cleared, and never reuses a key", () => {
    const timers = createManualTimers();
    const logs = createLogLines(timers);
    logs.append(logEventOfTest("shown"));
    timers.elapse();
    const shownKey = logs.get().lines[0]?.key ?? 0;
    logs.append(logEventOfTest("pending"));
    logs.clear();
    expect(timers.waiting).toEqual([]);
    expect(logs.get()).toEqual({ lines: [], received: 0 });
    logs.append(logEventOfTest("after"));
    timers.elapse();
    expect(logs.get().lines.map(({ event }) => event.message)).toEqual(["after"]);
    expect(logs.get().lines[0]?.key).toBeGreaterThan(shownKey);
  });
});
