import { WorkbenchError } from "../contract/errors.ts";

export type TenantErrorCode =
  | "tenant_not_found"
  | "tenant_invalid"
  | "persona_not_found"
  | "persona_exists"
  | "persona_invalid"
  | "fixture_invalid"
  | "unsigned_not_allowed"
  | "api_key_unreadable"
  | "setting_invalid";

export class TenantError extends WorkbenchError<TenantErrorCode> {}
