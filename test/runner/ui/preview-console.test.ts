import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { contentSecurityPolicy } from "../../../core/runner/ui/asset-headers.ts";
import { PREVIEW_CONSOLE_SOURCE, withPreviewConsole } from "../../../core/runner/ui/preview-console.ts";

const read = (page: Uint8Array): string => Buffer.from(page).toString("utf8");
const added = (page: string): string => read(withPreviewConsole(Buffer.from(page)));

it.each([
  ["a page", "<!doctype html>\n<title>ä</title>", "<!doctype html>"],
  ["one that begins with a comment", "<!-- built -->\n<!DOCTYPE html><p>", "<!-- built -->\n<!DOCTYPE html>"],
  ["one with a byte order mark", "\uFEFF<!doctype html><p>", "\uFEFF<!doctype html>"],
  ["one without a doctype", "<h1>bare</h1>", ""],
])("runs before every script of %s, and moves no line", (_, page, start) => {
  const text = added(page);
  expect(text.startsWith(`${start}<script>`)).toBe(true);
  expect(text.replace(/<script>.*?<\/script>/, "")).toBe(page);
});

it("is let through by the policy of a previewed page, and of no other", () => {
  const script = /<script>(.*?)<\/script>/.exec(added(""))?.[1] ?? "";
  const hash = createHash("sha256").update(script).digest("base64");
  expect(PREVIEW_CONSOLE_SOURCE).toBe(`'sha256-${hash}'`);
  const hosts = ["http://127.0.0.1:1"];
  expect(contentSecurityPolicy(hosts, true, "key")).toContain(`script-src 'self' 'sha256-${hash}';`);
  expect(contentSecurityPolicy(hosts, true)).toContain("script-src 'self';");
});

it("leaves bytes that are no UTF-8 as they are", () => {
  const page = Uint8Array.of(0xff, 0x00, 0xc3, 0x28);
  expect(Buffer.from(withPreviewConsole(page)).subarray(-4)).toEqual(Buffer.from(page));
});
