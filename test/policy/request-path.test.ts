import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MAX_TARGET_BYTES, requestPath } from "../../core/policy/index.ts";

describe("a path has one normal form", () => {
  test.each([
    ["/", "/", []],
    ["/items", "/items", ["items"]],
    ["/items/", "/items/", ["items"]],
    ["/%69tems", "/items", ["items"]],
    ["/caf%c3%a9", "/caf%C3%A9", ["café"]],
    ["/café", "/caf%C3%A9", ["café"]],
    ["/a b", "/a%20b", ["a b"]],
    ["/a;v=1/b@c", "/a;v=1/b@c", ["a;v=1", "b@c"]],
    ["/%3Aid", "/%3Aid", [":id"]],
    ["/...", "/...", ["..."]],
  ])("%s becomes %s", (given, path, segments) => {
    expect(requestPath(given)).toEqual({ ok: true, path, query: "", segments });
  });

  test.each([
    ["/a?x=1&y=%2F%2e", "?x=1&y=%2F."],
    ["/a?", ""],
    ["/a?q=a b", "?q=a%20b"],
    ["/a?raw=%ff", "?raw=%FF"],
    ["/a?b=/../c", "?b=/../c"],
  ])("the query of %s is forwarded as %s", (given, query) => {
    expect(requestPath(given)).toMatchObject({ ok: true, path: "/a", query });
  });
});

describe("a path that two hops could read differently is refused", () => {
  test.each([
    ["no leading slash", "items"],
    ["empty", ""],
    ["an absolute form", "http://example.com/a"],
    ["a doubled slash", "/a//b"],
    ["a doubled leading slash", "//a"],
    ["only slashes", "//"],
    ["a doubled trailing slash", "/a//"],
    ["a dot segment", "/a/./b"],
    ["a double-dot segment", "/a/../b"],
    ["a trailing double-dot segment", "/a/.."],
    ["an encoded dot segment", "/a/%2e%2E/b"],
    ["a half-encoded dot segment", "/a/.%2e/b"],
    ["an encoded slash", "/a%2Fb"],
    ["an encoded backslash", "/a%5cb"],
    ["a backslash", "/a\\b"],
    ["a NUL", "/a%00b"],
    ["a newline", "/a%0Ab"],
    ["a raw control character", "/a\u0007b"],
    ["a C1 control character", "/a%C2%85b"],
    ["a bare percent sign", "/100%"],
    ["a wrong percent-encoding", "/%zz"],
    ["octets that are not UTF-8", "/%ff"],
    ["an overlong encoding of a slash", "/%c0%af"],
    ["a lone surrogate", "/\ud800"],
    ["a fragment", "/a#b"],
    ["a wrong percent-encoding in the query", "/a?x=%"],
    ["a control character in the query", "/a?x=\r\n"],
  ])("%s", (_, given) => {
    expect(requestPath(given)).toMatchObject({ ok: false });
  });

  test("the cap on its length is inclusive", () => {
    expect(requestPath(`/${"a".repeat(MAX_TARGET_BYTES - 1)}`).ok).toBe(true);
    expect(requestPath(`/${"a".repeat(MAX_TARGET_BYTES)}`).ok).toBe(false);
  });
});

describe("for every text", () => {
  const hostile = fc.oneof(
    fc.string({ unit: "binary" }).map((text) => `/${text}`),
    fc
      .array(
        fc.constantFrom(
          "/",
          ".",
          "..",
          "%2e",
          "%2F",
          "%5c",
          "\\",
          "a",
          "é",
          "%",
          "%41",
          ":",
          "?",
          "#",
          "%00",
          " ",
        ),
        {
          maxLength: 12,
        },
      )
      .map((parts) => `/${parts.join("")}`),
  );

  test("an accepted path is stable, and no reader finds a dot segment or another number of segments in it", () => {
    fc.assert(
      fc.property(hostile, (given) => {
        const result = requestPath(given);
        if (!result.ok) return;
        expect(requestPath(result.path + result.query)).toEqual(result);
        // The WHATWG parser is what browsers and Node resolve with.
        const url = new URL(`http://host${result.path}${result.query}`);
        expect(url.pathname).toBe(result.path);
        const decoded = decodeURIComponent(result.path).split("/").slice(1);
        if (decoded.at(-1) === "") decoded.pop();
        expect(decoded).toEqual(result.segments);
        expect(result.segments.some((segment) => segment === "." || segment === ".." || segment === "")).toBe(
          false,
        );
      }),
      { numRuns: 5_000 },
    );
  });

  test("a path made of encoded segments is accepted and gives them back", () => {
    const segment = fc
      .string({ unit: "grapheme", minLength: 1, maxLength: 20 })
      .filter((text) => text.isWellFormed() && !/[/\\\p{Cc}]/u.test(text) && text !== "." && text !== "..");
    fc.assert(
      fc.property(fc.array(segment, { minLength: 1, maxLength: 6 }), (segments) => {
        expect(requestPath(`/${segments.map(encodeURIComponent).join("/")}`)).toMatchObject({
          ok: true,
          segments,
        });
      }),
      { numRuns: 2_000 },
    );
  });
});
