import { createHash, randomBytes } from "node:crypto";
import { open, readFile, realpath, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { MIB } from "../contract/limits.ts";
import type { ProjectFile } from "../contract/rpc/project.ts";
import { ProjectFileError, readFailure, reasonOf, writeFailure } from "./errors.ts";

/** Beyond it an editor in a page is no longer pleasant; such files are data, not sources. */
export const MAX_TEXT_FILE_BYTES = 2 * MIB;
const DEFAULT_MODE = 0o644;
const PERMISSION_BITS = 0o777;

/** Reads a file as text. Errors: `file_missing`, `file_unreadable`, `file_too_large`, `file_not_text`. */
export async function readTextFile(file: string, path: string): Promise<ProjectFile> {
  try {
    const found = await stat(file);
    // A named pipe would never end, and a device has no size.
    if (!found.isFile()) throw notText(path, "it is no regular file");
    if (found.size > MAX_TEXT_FILE_BYTES) throw tooLarge(path, found.size);
    const bytes = await readFile(file);
    if (bytes.byteLength > MAX_TEXT_FILE_BYTES) throw tooLarge(path, bytes.byteLength);
    return {
      path,
      text: textOf(bytes, path),
      revision: revisionOf(bytes),
      modified_at: found.mtime.toISOString(),
    };
  } catch (error) {
    throw readFailure(error, path);
  }
}

/**
 * Replaces a file's content as one step: whoever reads it finds the old text or the new one, and a full disk leaves the
 * old one. Errors: `file_changed` when it no longer has the revision named (`null`: when it exists), `file_too_large`,
 * `disk_full`, `file_unwritable`.
 */
export async function writeTextFile(
  file: string,
  path: string,
  { text, revision }: { text: string; revision: string | null },
): Promise<{ revision: string; modified_at: string }> {
  const bytes = Buffer.from(text);
  if (bytes.byteLength > MAX_TEXT_FILE_BYTES) throw tooLarge(path, bytes.byteLength);
  const current = await currentRevision(file, path);
  if (current.revision !== (revision ?? undefined)) throw changed(path, current.revision !== undefined);
  // Through a link inside the project: the link stays one.
  const target = current.target;
  const aside = join(dirname(target), `.workbench-${randomBytes(6).toString("hex")}.tmp`);
  try {
    const handle = await open(aside, "wx", current.mode);
    try {
      await handle.writeFile(bytes);
      await handle.chmod(current.mode);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(aside, target);
    const { mtime } = await stat(target);
    return { revision: revisionOf(bytes), modified_at: mtime.toISOString() };
  } catch (error) {
    await rm(aside, { force: true });
    throw writeFailure(error, path);
  }
}

interface CurrentFile {
  readonly revision: string | undefined;
  readonly mode: number;
  readonly target: string;
}

async function currentRevision(file: string, path: string): Promise<CurrentFile> {
  try {
    const found = await stat(file);
    if (!found.isFile()) throw notText(path, "it is no regular file");
    // Beyond the limit it cannot be what the caller read.
    const revision = found.size > MAX_TEXT_FILE_BYTES ? "too large" : revisionOf(await readFile(file));
    return { revision, mode: found.mode & PERMISSION_BITS, target: await realpath(file) };
  } catch (error) {
    if (reasonOf(error) === "ENOENT") return { revision: undefined, mode: DEFAULT_MODE, target: file };
    throw readFailure(error, path);
  }
}

function revisionOf(bytes: Uint8Array): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

function textOf(bytes: Uint8Array, path: string): string {
  if (bytes.includes(0)) throw notText(path, "it holds binary data");
  try {
    // The mark at the beginning is part of the file and goes back into it.
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw notText(path, "it is not UTF-8");
  }
}

function notText(path: string, reason: string): ProjectFileError {
  return new ProjectFileError({
    code: "file_not_text",
    message: `${path} is no text that can be edited here: ${reason}.`,
    details: { path },
    hint: "Use the tool that made it, or convert it to UTF-8.",
  });
}

function tooLarge(path: string, size: number): ProjectFileError {
  return new ProjectFileError({
    code: "file_too_large",
    message: `${path} has ${size} bytes; the editor takes ${MAX_TEXT_FILE_BYTES}.`,
    details: { path, size, allowed_bytes: MAX_TEXT_FILE_BYTES },
    hint: "Open it with another editor; the build uses it all the same.",
  });
}

function changed(path: string, exists: boolean): ProjectFileError {
  return new ProjectFileError({
    code: "file_changed",
    kind: "refused",
    message: exists
      ? `${path} was changed outside since it was read; it was not overwritten.`
      : `${path} was deleted or moved outside since it was read.`,
    details: { path, exists },
    hint: "Compare the two, then reload the file or keep yours.",
  });
}
