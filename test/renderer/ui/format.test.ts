import { describe, expect, it } from "vitest";
import {
  formatBytes,
  formatClock,
  formatCount,
  formatDuration,
  formatTime,
  shortHash,
} from "../../../renderer/ui/format.ts";

const THIN = "\u2009";
const NO_BREAK = "\u00a0";

describe("figures on screen", () => {
  it.each([
    [0, "0"],
    [999, "999"],
    [1_000, `1${THIN}000`],
    [1_912_440, `1${THIN}912${THIN}440`],
    [10_000_000_000, `10${THIN}000${THIN}000${THIN}000`],
    [1_234.5, `1${THIN}234.5`],
  ])("writes %d as %j", (value, text) => {
    expect(formatCount(value)).toBe(text);
  });

  it("carries the unit on a no-break space", () => {
    expect(formatDuration(2.84)).toBe(`2.8${NO_BREAK}ms`);
    expect(formatDuration(5_004.4)).toBe(`5${THIN}004${NO_BREAK}ms`);
    expect(formatBytes(512)).toBe(`512${NO_BREAK}B`);
    expect(formatBytes(9_856_614)).toBe(`9.4${NO_BREAK}MiB`);
    expect(formatBytes(5_000 * 1024 ** 3)).toBe(`5${THIN}000${NO_BREAK}GiB`);
  });

  it("shortens a hash to both of its ends", () => {
    expect(shortHash(`sha256:8f3a${"0".repeat(56)}c41e`)).toBe("sha256:8f3a…c41e");
  });

  it("shows a time to the millisecond, and what is no time as it came", () => {
    expect(formatTime("2026-11-22T14:02:13.007Z")).toMatch(/^\d\d:\d\d:13\.007$/);
    expect(formatTime("yesterday")).toBe("yesterday");
    expect(formatClock(Date.UTC(2026, 10, 22, 14, 2, 7))).toMatch(/^\d\d:\d\d:07$/);
  });
});
