import { describe, expect, test } from "vitest";
import { messageSize, messageText } from "../../../renderer/state/preview/message-size.ts";

describe("the size of a message", () => {
  test.each([
    ["abc", 6],
    [7, 8],
    [{ a: "bc" }, 6],
    [new Uint8Array(100), 100],
    [[new ArrayBuffer(10), "x"], 16],
  ])("of %j is %d bytes", (value, bytes) => {
    expect(messageSize(value)).toEqual({ bytes, whole: true });
  });

  test("of a knot ends", () => {
    const knot: { self?: unknown } = {};
    knot.self = knot;
    expect(messageSize(knot).whole).toBe(true);
  });

  test("of too many parts is given up", () => {
    expect(messageSize(new Array(30_000).fill(1)).whole).toBe(false);
    let deep: unknown = 1;
    for (let i = 0; i < 30_000; i += 1) deep = [deep];
    expect(messageSize(deep).whole).toBe(false);
  });
});

describe("the text of a message", () => {
  test("is cut, and never made of what is huge", () => {
    expect(messageText({ a: "x".repeat(500) }, 20)).toHaveLength(21);
    expect(messageText("x".repeat(1_000_000), 20)).toBe("(too large to show)");
    expect(messageText(10n, 20)).toBe('"10"');
    expect(messageText(undefined, 20)).toBe("undefined");
  });
});
