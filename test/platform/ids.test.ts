import { describe, expect, test } from "vitest";
import { shortId } from "../../core/contract/short-id.ts";
import { createTimeOrdered } from "../../core/platform/ids.ts";

const START = Date.parse("2026-03-01T12:00:00.000Z");

describe("an id in the order of time", () => {
  test("is a version 7 UUID of its millisecond", () => {
    const id = createTimeOrdered(() => START)();
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(Number.parseInt(id.replaceAll("-", "").slice(0, 12), 16)).toBe(START);
  });

  test("comes after all before it, in one millisecond too and when the clock is set back", () => {
    let now = START;
    const next = createTimeOrdered(() => now);
    const ids = Array.from({ length: 10_000 }, (_, number) => {
      if (number === 5_000) now -= 60_000;
      if (number === 9_000) now += 120_000;
      return next();
    });
    expect(new Set(ids).size).toBe(ids.length);
    expect([...ids].sort()).toEqual(ids);
  });

  test("is told from its neighbours where only a part of it is shown", () => {
    let now = START;
    const next = createTimeOrdered(() => now++);
    const shown = new Set(Array.from({ length: 100 }, () => shortId(next())));
    expect(shown.size).toBe(100);
  });
});
