import { WorkbenchError } from "../contract/errors.ts";

export type StoreErrorCode =
  | "database_unusable"
  | "database_too_new"
  | "object_not_found"
  | "object_corrupt"
  | "store_full"
  | "store_unwritable";

export class StoreError extends WorkbenchError<StoreErrorCode> {}
