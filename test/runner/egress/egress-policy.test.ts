import { describe, expect, it } from "vitest";
import { isPublicAddress } from "../../../core/runner/egress/address-policy.ts";
import { judgeAddresses, judgeUrl } from "../../../core/runner/egress/egress-policy.ts";

const allows = (url: string, ...allowlist: string[]) => judgeUrl(url, allowlist).allowed;

describe("judging a URL", () => {
  it("denies every host when the allowlist is empty", () => {
    expect(allows("https://example.com/")).toBe(false);
  });

  it("allows a listed host and its subdomains, and no host that merely ends like it", () => {
    expect(allows("https://example.com/x", "example.com")).toBe(true);
    expect(allows("https://api.example.com/", "example.com")).toBe(true);
    expect(allows("https://api.example.com/", "*.example.com")).toBe(true);
    expect(allows("https://badexample.com/", "example.com")).toBe(false);
    expect(allows("https://example.com.evil.test/", "example.com")).toBe(false);
  });

  it("compares hosts in their normal form, however they are written", () => {
    expect(allows("https://EXAMPLE.com./", "example.COM")).toBe(true);
    expect(allows("https://bücher.example/", "xn--bcher-kva.example")).toBe(true);
    expect(allows("https://xn--bcher-kva.example/", "bücher.example")).toBe(true);
    expect(allows("http://2130706433:8080/", "127.0.0.1:8080")).toBe(true);
  });

  it("allows only the scheme's own port unless host:port is listed", () => {
    expect(allows("https://example.com:443/", "example.com")).toBe(true);
    expect(allows("https://example.com:8443/", "example.com")).toBe(false);
    expect(allows("https://example.com:8443/", "example.com:8443")).toBe(true);
    expect(allows("http://example.com/", "example.com:80")).toBe(true);
    expect(allows("https://sub.example.com:8443/", "example.com:8443")).toBe(false);
  });

  it("refuses other schemes, credentials in the URL and what is no URL", () => {
    for (const url of [
      "ftp://example.com/",
      "file:///etc/passwd",
      "data:,x",
      "javascript:1",
      "blob:http://x/y",
    ])
      expect(judgeUrl(url, ["example.com"])).toMatchObject({ allowed: false, rule: "scheme" });
    expect(judgeUrl("https://user@example.com/", ["example.com"])).toMatchObject({ rule: "credentials" });
    expect(judgeUrl("https://example.com@evil.test/", ["example.com"])).toMatchObject({
      rule: "credentials",
    });
    for (const url of [
      "",
      "example.com",
      "http://",
      "http://a b/",
      `https://example.com/${"x".repeat(9000)}`,
    ])
      expect(judgeUrl(url, ["example.com"])).toMatchObject({ allowed: false, rule: "url" });
  });

  it("never treats an address as a domain that has subdomains", () => {
    expect(allows("http://10.0.0.1/", "0.0.1")).toBe(false);
    expect(allows("http://[2606:4700::1111]/", "2606:4700::1111")).toBe(true);
    expect(allows("http://[2606:4700::1111]:8080/", "[2606:4700::1111]:8080")).toBe(true);
  });

  it("ignores an allowlist entry that is no host", () => {
    for (const entry of ["", "http://example.com", "example.com/path", "user@example.com", "*"])
      expect(allows("https://example.com/", entry)).toBe(false);
  });
});

describe("judging addresses", () => {
  const target = (url: string, ...allowlist: string[]) => {
    const decision = judgeUrl(url, allowlist);
    if (!decision.allowed) throw new Error(decision.reason);
    return decision.value;
  };

  it.each([
    "127.0.0.1",
    "127.255.255.254",
    "0.0.0.0",
    "10.1.2.3",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.169.254",
    "168.63.129.16",
    "100.64.0.1",
    "100.100.100.200",
    "192.0.0.192",
    "198.18.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "::ffff:127.0.0.1",
    "::ffff:a9fe:a9fe",
    "::127.0.0.1",
    "64:ff9b::10.0.0.1",
    "64:ff9b:1::1",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "fd00:ec2::254",
    "fec0::1",
    "ff02::1",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "not an address",
  ])("does not count %s as public", (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  it.each(["1.1.1.1", "8.8.8.8", "172.32.0.1", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8"])(
    "counts %s as public",
    (address) => {
      expect(isPublicAddress(address)).toBe(true);
    },
  );

  it("refuses a name when any of its addresses is private", () => {
    const listed = target("https://example.com/", "example.com");
    expect(judgeAddresses(listed, ["1.1.1.1"]).allowed).toBe(true);
    expect(judgeAddresses(listed, ["1.1.1.1", "127.0.0.1"])).toMatchObject({ rule: "address" });
  });

  it("lets host:port reach a private address, and the host alone not", () => {
    expect(judgeAddresses(target("http://127.0.0.1:3000/", "127.0.0.1:3000"), ["127.0.0.1"]).allowed).toBe(
      true,
    );
    expect(judgeAddresses(target("http://10.0.0.1/", "10.0.0.1"), ["10.0.0.1"]).allowed).toBe(false);
  });
});
