import { randomBytes } from "node:crypto";
import {
  closeSync,
  fstatSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readSync,
  rmSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { SecretBoxError } from "./secret-box-error.ts";

const OWNER_ONLY = 0o600;
const OTHERS = 0o077;

/**
 * Reads a file that holds key material, and makes it first if there is none. Several processes may do so at once:
 * the file appears whole or not at all, and all read the one that came first. On POSIX a file that others may read
 * or write is refused, because then its secret is none. Throws `SecretBoxError`.
 */
export function readOrCreateKeyMaterial(file: string, bytes: number, make: () => Uint8Array): Buffer {
  try {
    const found = readIfThere(file, bytes);
    if (found !== undefined) return found;
    create(file, make());
    const made = readIfThere(file, bytes);
    if (made !== undefined) return made;
  } catch (error) {
    throw error instanceof SecretBoxError ? error : unusable(file, error);
  }
  throw unusable(file, undefined);
}

function readIfThere(file: string, bytes: number): Buffer | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(file, "r");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
  try {
    const { mode, size } = fstatSync(descriptor);
    // Windows keeps access lists instead of these bits; the user's profile folder is private there.
    if (process.platform !== "win32" && (mode & OTHERS) !== 0) throw exposed(file);
    if (size !== bytes) throw damaged(file);
    const content = Buffer.alloc(bytes);
    if (readSync(descriptor, content, 0, bytes, 0) !== bytes) throw damaged(file);
    return content;
  } finally {
    closeSync(descriptor);
  }
}

/** Written aside and linked into place: a link fails where a file already is, and never shows half of one. */
function create(file: string, content: Uint8Array): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const aside = `${file}.${randomBytes(8).toString("hex")}.tmp`;
  const descriptor = openSync(aside, "wx", OWNER_ONLY);
  try {
    try {
      writeSync(descriptor, content);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    linkSync(aside, file);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

function exposed(file: string): SecretBoxError {
  return new SecretBoxError({
    code: "box_key_exposed",
    kind: "environment",
    message: `The key file ${file} can be read or written by other users of this machine.`,
    details: { expected: "mode 0600" },
    hint: `Run chmod 600 ${file}, and consider its secrets known to whoever could read it.`,
  });
}

function damaged(file: string): SecretBoxError {
  return new SecretBoxError({
    code: "box_key_corrupt",
    kind: "environment",
    message: `The key file ${file} is damaged: its size is wrong.`,
    hint: "Restore it from a backup; without it the sealed keys and secrets cannot be opened.",
  });
}

function unusable(file: string, cause: unknown): SecretBoxError {
  return new SecretBoxError({
    code: "box_key_unusable",
    kind: "environment",
    message: `The key file ${file} can be neither read nor made.`,
    hint: "Check that the data folder is writable, or give another --home.",
    cause,
  });
}
