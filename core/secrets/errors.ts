import { WorkbenchError } from "../contract/errors.ts";

export type SecretErrorCode = "secret_unreadable" | "envelope_invalid" | "envelope_expired";

export class SecretError extends WorkbenchError<SecretErrorCode> {}
