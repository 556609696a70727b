import { describe, expect, it } from "vitest";
import { normaliseEgress } from "../../core/registry/egress-entry.ts";

describe("an egress list", () => {
  it.each([
    ["api.example.com", "api.example.com"],
    [" API.Example.COM. ", "api.example.com"],
    ["api.example.com:8443", "api.example.com:8443"],
    ["bücher.example", "xn--bcher-kva.example"],
    ["localhost", "localhost"],
    ["minio:9000", "minio:9000"],
    ["127.0.0.1:8080", "127.0.0.1:8080"],
    ["[::1]:8080", "[::1]:8080"],
    ["10.0.0.7", "10.0.0.7"],
  ])("takes %s as %s", (given, normal) => {
    expect(normaliseEgress([given])).toEqual([normal]);
  });

  it.each([
    "",
    " ",
    "*",
    "*.example.com",
    "com",
    "https://example.com",
    "example.com/path",
    "example.com?x",
    "user@example.com",
    "example.com:0",
    "example.com:65536",
    "example.com:http",
    "exa mple.com",
    "-example.com",
    "example..com",
    "127.1",
    "0x7f.0.0.1",
    "2130706433:80",
    "[::1",
    "[example.com]",
    "::1",
    `${"a".repeat(64)}.example`,
    `${"a.".repeat(130)}example`,
    "example.com\n.evil.test",
    "example.com\\@evil.test",
  ])("refuses %j", (given) => {
    expect(() => normaliseEgress([given])).toThrow(expect.objectContaining({ code: "invalid_egress_host" }));
  });

  it("drops duplicates and refuses a list without end", () => {
    expect(normaliseEgress(["a.example", "A.EXAMPLE", "b.example"])).toEqual(["a.example", "b.example"]);
    const endless = Array.from({ length: 101 }, (_, n) => `h${n}.example`);
    expect(() => normaliseEgress(endless)).toThrow(expect.objectContaining({ code: "invalid_egress_host" }));
  });
});
