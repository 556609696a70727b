import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseDeepLink } from "../../electron/deep-link.ts";

describe("a deep link", () => {
  it.each([
    ["workbench://project?path=%2Fhome%2Fdana%2Fhello", "project", "/home/dana/hello"],
    ["workbench://project/?path=/home/dana/a%20b", "project", "/home/dana/a b"],
    ["workbench://reproduction?path=/home/dana/refused.json", "reproduction", "/home/dana/refused.json"],
    ["workbench://project?path=C%3A%5Cwork%5Cboard", "project", "C:\\work\\board"],
  ])("%s names what it asks for", (text, kind, path) => {
    expect(parseDeepLink(text)).toEqual({ kind, path });
  });

  it.each([
    ["another scheme", "https://project?path=/a"],
    ["another kind", "workbench://invoke?path=/a"],
    ["a reproduction on a share", "workbench://reproduction?path=//host/share/a.json"],
    ["a reproduction that would be sent", "workbench://reproduction?path=/a.json&send=1"],
    ["no path", "workbench://project"],
    ["an empty path", "workbench://project?path="],
    ["a relative path", "workbench://project?path=hello"],
    ["a path that goes up", "workbench://project?path=/home/dana/../root"],
    ["a share, which would be sent the user's credentials", "workbench://project?path=%5C%5Chost%5Cshare"],
    ["a share in forward slashes", "workbench://project?path=//host/share"],
    ["a device", "workbench://project?path=%5C%5C.%5CCOM1"],
    ["a control character", "workbench://project?path=/home/a%00b"],
    ["a line break", "workbench://project?path=/home/a%0Ab"],
    ["a second parameter", "workbench://project?path=/a&run=1"],
    ["the path twice", "workbench://project?path=/a&path=/b"],
    ["a name and password", "workbench://me:secret@project?path=/a"],
    ["a port", "workbench://project:80?path=/a"],
    ["a fragment", "workbench://project?path=/a#b"],
    ["a longer address", "workbench://project/x?path=/a"],
    ["a flag of the command line", "--inspect=workbench://project?path=/a"],
    ["what is far too long", `workbench://project?path=/${"a".repeat(9_000)}`],
  ])("is refused with %s", (_what, text) => {
    expect(parseDeepLink(text)).toBeUndefined();
  });

  it("is refused or names an absolute local path, whatever it holds (property)", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (path) => {
        const link = parseDeepLink(`workbench://project?path=${encodeURIComponent(path.toWellFormed())}`);
        if (link !== undefined) expect(link.path).toMatch(/^(\/(?![/\\])|[A-Za-z]:[\\/](?![\\/]))/);
      }),
    );
  });
});
