import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { systemClock } from "../../core/platform/clock.ts";
import { createInstallSecrets, createRedactor } from "../../core/secrets/index.ts";
import { openDatabase } from "../../core/store/index.ts";
import { tempFolder } from "../support/temp.ts";
import { nextTurn } from "../support/turns.ts";

const VALUE = 'p4ss "word"/with+all&Ünd 100%';
const box = { kind: "test", seal: (bytes: Uint8Array) => bytes, open: (bytes: Uint8Array) => bytes };

function open() {
  const file = join(tempFolder(), "workbench.sqlite");
  const database = openDatabase(file);
  // The secrets' own table is what matters here, not that the install exists.
  database.pragma("foreign_keys = OFF");
  const secrets = createInstallSecrets({ database, box, clock: systemClock });
  return { file, secrets, redactor: createRedactor({ database, secrets }) };
}

describe("a secret of an install", () => {
  const utf8 = Buffer.from(VALUE);
  test.each([
    ["as it is", VALUE],
    ["within JSON", JSON.stringify({ a: VALUE })],
    ["percent-encoded", `?key=${encodeURIComponent(VALUE)}&x=1`],
    ["percent-encoded in lower case", encodeURIComponent(VALUE).toLowerCase().replace("p4ss", "p4ss")],
    ["as a form", new URLSearchParams({ a: VALUE }).toString()],
    ["as base64", utf8.toString("base64")],
    ["as base64 of the web", utf8.toString("base64url")],
    ["within basic credentials", `Basic ${Buffer.from(`user:${VALUE}`).toString("base64")}`],
    ["one byte into base64", Buffer.from(`x${VALUE}tail`).toString("base64")],
    ["two bytes into base64", Buffer.from(`xx${VALUE}tail`).toString("base64")],
  ])("is taken out of a text %s", (_, text) => {
    const { secrets, redactor } = open();
    secrets.put("i1", "API_KEY", VALUE);
    const redacted = redactor.redact("i1", `before ${text} after`);
    expect(redacted).toMatch(/^before .*\[secret API_KEY\].* after$/);
    for (const part of ["p4ss", "word", "cDRzcy", "all&"]) expect(redacted).not.toContain(part);
  });

  test("is replaced whole when another one is part of it", () => {
    const { secrets, redactor } = open();
    secrets.put("i1", "SHORT", "hunter22");
    secrets.put("i1", "LONG", "hunter22-and-more");
    expect(redactor.redact("i1", "hunter22-and-more hunter22")).toBe("[secret LONG] [secret SHORT]");
  });

  test("is taken out where a line was cut within it", () => {
    const { secrets, redactor } = open();
    secrets.put("i1", "API_KEY", "0123456789abcdef");
    expect(redactor.redact("i1", "key=0123456789ab", true)).toBe("key=[secret API_KEY]");
    expect(redactor.redact("i1", "key=01234", true)).toBe("key=01234");
    expect(redactor.redact("i1", "key=0123456789ab", false)).toBe("key=0123456789ab");
  });

  test("stays when it is too short to be told from other text, or is another install's", () => {
    const { secrets, redactor } = open();
    secrets.put("i1", "PIN", "123");
    secrets.put("i1", "API_KEY", "0123456789abcdef");
    expect(redactor.redact("i1", "0123")).toBe("0123");
    expect(redactor.redact("i2", "0123456789abcdef")).toBe("0123456789abcdef");
  });

  test("is known as soon as it is set, by another process from the next turn on, and is remembered when it is replaced", async () => {
    const { file, secrets, redactor } = open();
    expect(redactor.redact("i1", "old-value new-value else-value")).toBe("old-value new-value else-value");
    secrets.put("i1", "KEY", "old-value");
    secrets.put("i1", "KEY", "new-value");
    secrets.put("i1", "KEY", "old-value");
    expect(redactor.redact("i1", "old-value")).toBe("[secret KEY]");
    secrets.put("i1", "KEY", "new-value");
    expect(redactor.redact("i1", "old-value new-value")).toBe("[secret KEY] [secret KEY]");
    const other = openDatabase(file);
    other.pragma("foreign_keys = OFF");
    createInstallSecrets({ database: other, box, clock: systemClock }).put("i1", "ELSE", "else-value");
    other.close();
    await nextTurn();
    expect(redactor.redact("i1", "else-value")).toBe("[secret ELSE]");
  });
});
