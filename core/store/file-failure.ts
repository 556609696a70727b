import { StoreError, type StoreErrorCode } from "./errors.ts";

const FULL = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);

/** What the file system said, as a store error that tells the user what to do about it. Paths are ours, not theirs. */
export function writeFailure(error: unknown, root: string): StoreError {
  if (error instanceof StoreError) return error;
  const reason = reasonOf(error);
  return FULL.has(reason)
    ? failure(
        "store_full",
        `There is no room left for the object store at ${root}.`,
        FULL_HINT,
        reason,
        error,
      )
    : failure(
        "store_unwritable",
        `The object store at ${root} cannot be written.`,
        WRITE_HINT,
        reason,
        error,
      );
}

export function readFailure(error: unknown, root: string): StoreError {
  if (error instanceof StoreError) return error;
  return failure(
    "store_unreadable",
    `The object store at ${root} cannot be read.`,
    "Check that the folder belongs to the user who runs the workbench.",
    reasonOf(error),
    error,
  );
}

/** The system's error code, such as `ENOENT`; `unknown` when it gave none. */
export function reasonOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "unknown";
}

const FULL_HINT = "Free some space, or give another --home.";
const WRITE_HINT =
  "Check that the folder belongs to the user who runs the workbench, or give another --home.";

function failure(
  code: StoreErrorCode,
  message: string,
  hint: string,
  reason: string,
  cause: unknown,
): StoreError {
  return new StoreError({ code, kind: "environment", message, hint, details: { reason }, cause });
}
