import { WorkbenchError } from "../contract/errors.ts";
import { EXIT_USAGE, exitCodeOf } from "./exit-code.ts";
import { type Terminal, UsageError } from "./terminal.ts";
import { jsonLine, printable } from "./text.ts";

/**
 * How a command speaks. With `--json` standard output carries exactly one JSON document and progress goes to
 * standard error; without it the same answer is written for people, and nothing in it reaches the terminal as a control.
 */
export interface Answer {
  readonly json: boolean;
  /** The command's one answer. `human` is called only when JSON was not asked for. */
  result(document: unknown, human: () => string): void;
  /** One line about work under way. */
  progress(line: string): void;
}

export function createAnswer(terminal: Terminal, json: boolean): Answer {
  return {
    json,
    result(document, human) {
      terminal.stdout.write(json ? `${jsonLine(document)}\n` : `${printable(human())}\n`);
    },
    progress(line) {
      terminal.stderr.write(`${printable(line)}\n`);
    },
  };
}

/** Writes a failure where the caller looks for it and answers the exit code. */
export function reportFailure(terminal: Terminal, json: boolean, error: unknown): number {
  const known = error instanceof WorkbenchError ? error : unexpected(error);
  if (json) terminal.stdout.write(`${jsonLine({ error: known.toJSON() })}\n`);
  else terminal.stderr.write(`${printable(describeFailure(known))}\n`);
  return known instanceof UsageError ? EXIT_USAGE : exitCodeOf(known.kind);
}

/** A failure in words: what, where, how to mend it. */
export function describeFailure(error: unknown): string {
  const known = error instanceof WorkbenchError ? error : unexpected(error);
  return [
    `error: ${known.message} [${known.code}]`,
    ...detailLines(known.details).map((line) => `  ${line}`),
    ...(known.hint ? [`hint: ${known.hint}`] : []),
  ].join("\n");
}

function unexpected(error: unknown): WorkbenchError<"internal" | "file_system"> {
  if (isFileSystemError(error)) {
    return new WorkbenchError({
      code: "file_system",
      kind: "environment",
      message: `The system refused: ${error.syscall} ${error.path}.`,
      details: { reason: error.code },
      hint: "Check that the folder exists, belongs to you and is on a disk that works.",
      cause: error,
    });
  }
  return new WorkbenchError({
    code: "internal",
    kind: "system",
    message: error instanceof Error ? `Unexpected failure: ${error.message}` : "Unexpected failure.",
    hint: "This is a defect of the workbench. Run the command again with WORKBENCH_LOG_LEVEL=debug and report what it says.",
    cause: error,
  });
}

/** What the disk said about a file, where nothing nearer knew more: no defect of ours. */
function isFileSystemError(error: unknown): error is Error & { code: string; syscall: string; path: string } {
  return ["code", "syscall", "path"].every(
    (name) => error instanceof Error && name in error && typeof Reflect.get(error, name) === "string",
  );
}

/** Details as short lines; nested structures (a whole report) are left to `--json`. */
function detailLines(details: Record<string, unknown> | undefined): string[] {
  return Object.entries(details ?? {}).flatMap(([key, value]) => {
    if (typeof value === "string" || typeof value === "number" || typeof value === "boolean")
      return [`${key}: ${value}`];
    if (Array.isArray(value) && value.every((item) => typeof item === "string"))
      return value.map((item) => `- ${item}`);
    return [];
  });
}
