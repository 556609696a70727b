import { describe, expect, it } from "vitest";
import { createLogLines, MAX_LOG_LINES } from "../../../renderer/state/log-lines.ts";
import { logFilter } from "../../../renderer/state/logs/log-filter.ts";
import { createLogView } from "../../../renderer/state/logs/log-view.ts";
import { logEventOfTest } from "../installs.ts";
import { createManualTimers } from "../timers.ts";

function createLog() {
  const timers = createManualTimers();
  const lines = createLogLines(timers);
  const view = createLogView(lines);
  view.start();
  const write = (...messages: string[]) => {
    for (const message of messages) lines.append(logEventOfTest(message));
    timers.elapse();
  };
  const shown = () => view.get().shown.map(({ event }) => event.message);
  return { lines, view, write, shown };
}

describe("a look at the log", () => {
  it("shows what passes the filter, of what was there and of what comes", () => {
    const { view, write, shown } = createLog();
    write("one", "two");
    view.filter(({ message }) => message.includes("o"));
    write("three", "four");
    expect(shown()).toEqual(["one", "two", "four"]);
  });

  it("judges each line once", () => {
    const { view, write } = createLog();
    let judged = 0;
    view.filter(() => {
      judged += 1;
      return true;
    });
    write("a", "b");
    write("c");
    expect(judged).toBe(3);
  });

  it("stands still while paused, counts what comes, and has all of it afterwards", () => {
    const { view, write, shown } = createLog();
    write("one");
    view.pause();
    write("two", "three");
    expect(shown()).toEqual(["one"]);
    expect(view.get()).toMatchObject({ paused: true, waiting: 2 });
    view.resume();
    expect(shown()).toEqual(["one", "two", "three"]);
  });

  it("lets go with the buffer, says how many, and keeps order through a burst", () => {
    const { view, write, shown } = createLog();
    write("first");
    view.filter(({ message }) => message === "first" || message.endsWith("7"));
    write(...Array.from({ length: MAX_LOG_LINES }, (_, index) => String(index)));
    expect(view.get().dropped).toBe(1);
    expect(shown()).toHaveLength(MAX_LOG_LINES / 10);
    expect(shown().slice(0, 2)).toEqual(["7", "17"]);
  });

  it("is empty when the log is cleared and goes on after", () => {
    const { lines, write, shown } = createLog();
    write("one");
    lines.clear();
    expect(shown()).toEqual([]);
    write("two");
    expect(shown()).toEqual(["two"]);
  });
});

describe("the filter of log lines", () => {
  const passes = (text: string, change: Parameters<typeof logEventOfTest>[1] = {}) =>
    logFilter(
      { minLevel: "debug", text },
      () => "com.acme.tickets",
    )(logEventOfTest("Synced 12 items", change));

  it.each([
    ["synced items", true],
    ['"12 items"', true],
    ['"items 12"', false],
    ["-synced", false],
    ["level:info", true],
    ["request:REQUEST-1", true],
    ["request:other", false],
    ["extension:acme", true],
    ["-stream:host", true],
    ["url:x", false],
    ["", true],
  ])("with %j answers %s", (text, expected) => {
    expect(passes(text)).toBe(expected);
  });

  it("lets lines of a time through, its beginning included and its end not", () => {
    const test = logFilter(
      {
        minLevel: "debug",
        text: "",
        range: { since: "2026-11-22T10:00:01.000Z", until: "2026-11-22T10:00:03.000Z" },
      },
      () => "",
    );
    const seconds = [0, 1, 2, 3].filter((second) =>
      test(logEventOfTest("", { ts: `2026-11-22T10:00:0${second}.000Z` })),
    );
    expect(seconds).toEqual([1, 2]);
  });

  it("lets a level and those above it through", () => {
    const test = logFilter({ minLevel: "warn", text: "" }, () => "");
    expect(
      ["debug", "info", "warn", "error"].filter((level) =>
        test(logEventOfTest("", { level: level as never })),
      ),
    ).toEqual(["warn", "error"]);
  });
});
