import { WorkbenchError } from "../contract/errors.ts";

export type QuotaErrorCode =
  | "profile_not_found"
  | "profile_invalid"
  | "profile_builtin"
  | "profile_in_use"
  | "limits_invalid";

export class QuotaError extends WorkbenchError<QuotaErrorCode> {}
