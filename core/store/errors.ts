import { WorkbenchError } from "../contract/errors.ts";

export type StoreErrorCode =
  | "database_unusable"
  | "database_too_new"
  | "database_busy"
  | "database_corrupt"
  | "object_not_found"
  | "object_corrupt"
  | "object_too_large"
  | "store_full"
  | "store_unwritable"
  | "store_unreadable"
  /** The shared store does not answer, or not in time. What is cached goes on. */
  | "store_unreachable"
  /** The shared store refuses the credentials, or there are none. */
  | "store_denied";

export class StoreError extends WorkbenchError<StoreErrorCode> {}

const AWAY: ReadonlySet<StoreErrorCode> = new Set(["store_unreachable", "store_denied"]);

/** The shared store cannot be asked now, which says nothing of what is in it. */
export function isAway(error: unknown): boolean {
  return error instanceof StoreError && AWAY.has(error.code);
}
