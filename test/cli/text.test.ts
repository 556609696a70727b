import { PassThrough, Writable } from "node:stream";
import { describe, expect, it } from "vitest";
import { createAnswer, reportFailure } from "../../core/cli/answer.ts";
import type { Terminal } from "../../core/cli/terminal.ts";
import { oneLine, printable, setIn, table } from "../../core/cli/text.ts";
import { WorkbenchError } from "../../core/contract/errors.ts";

const ESC = "\u001b";
/** What takes over a terminal: colours, titles, the clipboard, overwriting, 8-bit controls, text that reads backwards. */
const HOSTILE = `${ESC}[31m ${ESC}]52;c;QUJD\u0007 \rover \b\b \u009b2J \u202eyxes \u2028 \u0000`;

/** Everything that a terminal acts on, line breaks and tabs excepted. */
const CONTROL = /(?![\n\t])[\p{Cc}\p{Bidi_Control}]/u;

describe("text for a terminal", () => {
  it("spells out controls and marks of direction, and keeps letters, lines and tabs", () => {
    expect(printable(HOSTILE)).not.toMatch(CONTROL);
    expect(printable(`a${ESC}[31mb`)).toBe("a\\u{1b}[31mb");
    expect(printable("Grüße, 世界 👩‍💻\tשלום\r\nline")).toBe("Grüße, 世界 👩‍💻\tשלום\nline");
  });

  it("keeps foreign text from passing for a line of ours", () => {
    expect(oneLine("x\n✓ trust\nverified")).toBe("x\\u{a}✓ trust\\u{a}verified");
    expect(setIn("x\n2026-01-01T00:00:00.000Z error forged")).toBe(
      "x\n    2026-01-01T00:00:00.000Z error forged",
    );
  });

  it("keeps a table's rows on their lines and its columns in place", () => {
    const lines = table(["a", "b"], [[`x\ny${ESC}[2J`, "z"]]).split("\n");
    expect(lines).toHaveLength(3);
    expect(lines[2]?.indexOf("z")).toBe(lines[0]?.indexOf("b"));
  });
});

describe("an answer for people", () => {
  it("sends nothing that a terminal acts on, in results, progress and failures", () => {
    const { terminal, written } = capture();
    const answer = createAnswer(terminal, false);
    answer.result({}, () => HOSTILE);
    answer.progress(HOSTILE);
    reportFailure(
      terminal,
      false,
      new WorkbenchError({
        code: "x",
        message: HOSTILE,
        details: { a: HOSTILE, b: [HOSTILE] },
        hint: HOSTILE,
      }),
    );
    reportFailure(terminal, false, new Error(HOSTILE));
    expect(written.join("")).toContain("\\u{1b}[31m");
    expect(written.join("")).not.toMatch(CONTROL);
  });

  it("keeps the very text in JSON", () => {
    const { terminal, written } = capture();
    createAnswer(terminal, true).result({ text: HOSTILE }, () => "");
    expect(written.join("")).not.toMatch(CONTROL);
    expect(JSON.parse(written.join(""))).toEqual({ text: HOSTILE });
  });
});

function capture(): { terminal: Terminal; written: string[] } {
  const written: string[] = [];
  const stream = () =>
    new Writable({
      write: (chunk, _encoding, done) => {
        written.push(String(chunk));
        done();
      },
    });
  const terminal: Terminal = {
    stdin: new PassThrough(),
    stdout: stream(),
    stderr: stream(),
    cwd: "/",
    env: {},
    platform: process.platform,
    interrupted: new AbortController().signal,
  };
  return { terminal, written };
}
