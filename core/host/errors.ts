import { WorkbenchError } from "../contract/errors.ts";

export type HostErrorCode =
  | "malformed_request"
  | "unauthenticated"
  | "tenant_mismatch"
  | "forbidden"
  | "not_found"
  | "execution_not_found"
  | "caller_not_found"
  | "misdirected_request"
  | "unsupported_media_type"
  | "request_too_large"
  | "upload_not_found"
  | "upload_busy"
  | "size_mismatch"
  | "digest_mismatch"
  | "manifest_mismatch"
  | "port_in_use"
  | "port_forbidden"
  | "listen_failed"
  | "too_many_calls"
  | "too_many_sockets"
  | "cancelled";

export class HostError extends WorkbenchError<HostErrorCode> {}

export function malformed(message: string, details?: Record<string, unknown>): HostError {
  return new HostError({ code: "malformed_request", message, ...(details ? { details } : {}) });
}
