import { readFile as read, stat, writeFile as write } from "node:fs/promises";
import { WorkbenchError } from "../contract/errors.ts";
import { MAX_ARCHIVE_BYTES } from "../contract/limits.ts";
import { systemFailure } from "../store/index.ts";

export class FileError extends WorkbenchError<
  "file_not_found" | "file_unreadable" | "file_too_large" | "file_exists" | "file_unwritable"
> {}

/** Reads a file that the user named; refuses folders and what is larger than any input that we accept. */
export async function readFile(path: string, maxBytes = MAX_ARCHIVE_BYTES): Promise<Buffer> {
  try {
    const { size } = await stat(path);
    if (size > maxBytes) {
      throw new FileError({
        code: "file_too_large",
        message: `${path} holds ${size} bytes.`,
        details: { expected: `at most ${maxBytes} bytes`, actual: size },
      });
    }
    return await read(path);
  } catch (error) {
    if (error instanceof FileError) throw error;
    const missing = isCode(error, "ENOENT");
    throw new FileError({
      code: missing ? "file_not_found" : "file_unreadable",
      message: missing ? `${path} does not exist.` : `${path} could not be read as a file.`,
      cause: error,
    });
  }
}

/** Writes a file that the user named. With `mode` it is a new one: an existing file keeps its rights when written. */
export async function writeFile(path: string, content: string | Uint8Array, mode?: number): Promise<void> {
  try {
    await write(path, content, mode === undefined ? {} : { mode, flag: "wx" });
  } catch (error) {
    const full = systemFailure(error);
    if (full) throw full;
    const exists = isCode(error, "EEXIST");
    throw new FileError({
      code: exists ? "file_exists" : "file_unwritable",
      message: exists
        ? `${path} exists already, and others may be able to read it.`
        : `${path} could not be written.`,
      hint: exists ? "Name a new file." : "Name a file in a folder that exists and that you may write to.",
      cause: error,
    });
  }
}

/** The file's text, or `undefined` when there is no such file. */
export async function readTextIfThere(path: string, maxBytes: number): Promise<string | undefined> {
  try {
    return (await readFile(path, maxBytes)).toString("utf8");
  } catch (error) {
    if (error instanceof FileError && error.code === "file_not_found") return undefined;
    throw error;
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
