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
  | "store_unreadable";

export class StoreError extends WorkbenchError<StoreErrorCode> {}
