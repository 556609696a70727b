import { StoreError, type StoreErrorCode } from "./errors.ts";
import { FULL, reasonOf } from "./file-failure.ts";

interface Explanation {
  readonly code: StoreErrorCode;
  readonly message: string;
  readonly hint: string;
}

/** By the beginning of SQLite's code: its extended codes add what only its authors can use. */
const SQLITE: readonly (readonly [string, Explanation])[] = [
  [
    "SQLITE_BUSY",
    {
      code: "database_busy",
      message: "Another process has kept the database locked for too long.",
      hint: "Try again; end other workbench commands that hang on this data folder.",
    },
  ],
  [
    "SQLITE_CORRUPT",
    {
      code: "database_corrupt",
      message: "The database is damaged.",
      hint: "Restore workbench.sqlite from a backup, or give another --home; then check the disk.",
    },
  ],
  ...["SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_IOERR", "SQLITE_PERM"].map(
    (reason) =>
      [
        reason,
        {
          code: "database_unusable",
          message: "The database can be neither read nor written as it must be.",
          hint: "Check that the data folder belongs to you, is writable and on a disk that works, or give another --home.",
        },
      ] as const,
  ),
];

const DISK_FULL: Explanation = {
  code: "store_full",
  message: "There is no room left on the disk of the data folder.",
  hint: "Free some space, or give another --home.",
};

/**
 * What the disk or SQLite said in the middle of something, as an error that tells the user what to do about it;
 * `undefined` for everything else.
 */
export function systemFailure(error: unknown): StoreError | undefined {
  if (error instanceof StoreError) return error;
  const reason = reasonOf(error);
  const explanation =
    FULL.has(reason) || reason.startsWith("SQLITE_FULL")
      ? DISK_FULL
      : SQLITE.find(([start]) => reason.startsWith(start))?.[1];
  if (explanation === undefined) return undefined;
  return new StoreError({ ...explanation, kind: "environment", details: { reason }, cause: error });
}
