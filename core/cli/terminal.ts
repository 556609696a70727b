import type { Readable, Writable } from "node:stream";
import { WorkbenchError } from "../contract/errors.ts";

/** What a command may touch of the process around it. */
export interface Terminal {
  readonly stdin: Readable & { isTTY?: boolean };
  readonly stdout: Writable;
  readonly stderr: Writable;
  /** Folder against which relative paths are read. */
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly platform: NodeJS.Platform;
  /** Aborts when the user interrupts the command. */
  readonly interrupted: AbortSignal;
}

export class UsageError extends WorkbenchError<"usage"> {
  constructor(message: string, hint?: string) {
    super({ code: "usage", message, ...(hint ? { hint } : {}) });
  }
}

const MAX_STDIN_BYTES = 16 * 1024 * 1024;

/** Everything on standard input; refuses a terminal, where the user would wait for nothing. */
export async function readStdin(terminal: Terminal): Promise<Buffer> {
  if (terminal.stdin.isTTY) {
    throw new UsageError(
      "Nothing was piped into standard input.",
      "Pipe the value, for example: printf %s VALUE | workbench …",
    );
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of terminal.stdin) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > MAX_STDIN_BYTES)
      throw new UsageError(`Standard input holds more than ${MAX_STDIN_BYTES} bytes.`);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

/** One line of standard input without its line end: a passphrase or a secret. */
export async function readStdinLine(terminal: Terminal): Promise<string> {
  const text = (await readStdin(terminal)).toString("utf8");
  return text.replace(/\r?\n$/, "");
}
