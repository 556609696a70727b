import { StoreError, type StoreErrorCode } from "./errors.ts";

/** The system's codes for a disk or a quota that is used up. */
export const FULL: ReadonlySet<string> = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);

/** What the file system said, as a store error that tells the user what to do about it. Paths are ours, not theirs. */
export function writeFailure(error: unknown, root: string): StoreError {
  if (error instanceof StoreError) return error;
  return FULL.has(reasonOf(error))
    ? failure("store_full", "There is no room left for the object store.", FULL_HINT, root, error)
    : failure("store_unwritable", "The object store cannot be written.", WRITE_HINT, root, error);
}

export function readFailure(error: unknown, root: string): StoreError {
  if (error instanceof StoreError) return error;
  return failure("store_unreadable", "The object store cannot be read.", READ_HINT, root, error);
}

/** The system's error code, such as `ENOENT`; `unknown` when it gave none. */
export function reasonOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "unknown";
}

const FULL_HINT = "Free some space, or give another --home.";
const WRITE_HINT =
  "Check that the folder belongs to the user who runs the workbench, or give another --home.";
const READ_HINT = "Check that the folder belongs to the user who runs the workbench.";

function failure(
  code: StoreErrorCode,
  message: string,
  hint: string,
  folder: string,
  cause: unknown,
): StoreError {
  const details = { folder, reason: reasonOf(cause) };
  return new StoreError({ code, kind: "environment", message, hint, details, cause });
}
