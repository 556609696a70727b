import { describe, expect, it } from "vitest";
import { MAX_PRETTY_CHARS, readBody } from "../../../renderer/state/body-text.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("a body on screen", () => {
  it("is indented when it is JSON, and kept as it came beside that", () => {
    expect(readBody(bytes('{"a":[1,2]}'))).toEqual({
      kind: "text",
      raw: '{"a":[1,2]}',
      pretty: '{\n  "a": [\n    1,\n    2\n  ]\n}',
    });
  });

  it.each(["{broken", "plain text", "<p>html</p>", "42"])("stays as it is when it is %j", (text) => {
    expect(readBody(bytes(text))).toEqual({ kind: "text", raw: text, pretty: undefined });
  });

  it("is called binary when it is not UTF-8, and empty when there is none", () => {
    expect(readBody(Uint8Array.of(0xff, 0xfe, 0x00))).toEqual({ kind: "binary", bytes: 3 });
    expect(readBody(new Uint8Array())).toEqual({ kind: "empty" });
  });

  it("is not laid out beyond the limit", () => {
    const body = readBody(bytes(JSON.stringify("x".repeat(MAX_PRETTY_CHARS))));
    expect(body).toMatchObject({ kind: "text", pretty: undefined });
  });
});
