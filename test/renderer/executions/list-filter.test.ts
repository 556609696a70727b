import { describe, expect, it } from "vitest";
import { askedFilter, filterOfView, listCommand } from "../../../renderer/state/executions/list-filter.ts";
import { isoOfLocalTime, localTimeOf } from "../../../renderer/state/time-range.ts";

const NOW = Date.parse("2026-11-22T12:00:00.000Z");
const RANGE = { since: "2026-11-22T10:00:00.000Z", until: "2026-11-22T11:00:00.000Z" };

describe("the times of the execution list", () => {
  it("are asked for as they are, and named by the command", () => {
    expect(askedFilter(RANGE, NOW)).toEqual(RANGE);
    expect(listCommand(RANGE, NOW)).toBe(
      "workbench executions list --since 2026-11-22T10:00:00.000Z --until 2026-11-22T11:00:00.000Z",
    );
    expect(askedFilter({ within_ms: 60_000 }, NOW)).toEqual({ since: "2026-11-22T11:59:00.000Z" });
  });

  it("are kept by a saved view", () => {
    expect(filterOfView({ ...RANGE, code: "timeout" })).toEqual({ ...RANGE, code: "timeout" });
  });

  it("are read from a field for local times and written into it", () => {
    expect(isoOfLocalTime(localTimeOf(RANGE.since))).toBe(RANGE.since);
    expect([isoOfLocalTime(""), localTimeOf(undefined)]).toEqual([undefined, ""]);
  });
});
