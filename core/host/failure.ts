import type { ContentfulStatusCode } from "hono/utils/http-status";
import { type ErrorBody, type ErrorKind, WorkbenchError } from "../contract/errors.ts";
import { systemFailure } from "../store/index.ts";

/** Codes whose status says more than their kind does, whichever feature they come from. */
const STATUS: Readonly<Record<string, ContentfulStatusCode>> = {
  malformed_request: 400,
  filter_invalid: 400,
  cursor_invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  tenant_mismatch: 403,
  not_found: 404,
  execution_not_found: 404,
  caller_not_found: 404,
  tenant_not_found: 404,
  extension_not_found: 404,
  version_not_found: 404,
  not_installed: 404,
  upload_not_found: 404,
  upload_busy: 409,
  version_exists: 409,
  already_installed: 409,
  request_too_large: 413,
  unsupported_media_type: 415,
  misdirected_request: 421,
  /* What arrived whole and well-formed, and still is not what it was said to be. */
  size_mismatch: 422,
  digest_mismatch: 422,
  manifest_mismatch: 422,
};

/** `user` is 422, not 400: a malformed request has its own code; what is left is content that cannot be accepted. */
const STATUS_OF_KIND: Readonly<Record<ErrorKind, ContentfulStatusCode>> = {
  user: 422,
  refused: 422,
  environment: 503,
  system: 500,
};

export interface Failure {
  readonly status: ContentfulStatusCode;
  readonly body: ErrorBody;
  /** A defect of ours: to be logged, never told. */
  readonly isOurs: boolean;
}

/** What a thrown thing looks like to a client. Anything that is not a `WorkbenchError` is `internal` and no more. */
export function failureOf(error: unknown, requestId?: string): Failure {
  const tail = requestId === undefined ? {} : { request_id: requestId };
  const known = error instanceof WorkbenchError ? error : systemFailure(error);
  if (known !== undefined) {
    const status = STATUS[known.code] ?? STATUS_OF_KIND[known.kind];
    const { details, ...told } = known.toJSON();
    // Of a failure of ours or the machine's, the details name folders, and who calls need not know them.
    const shown = known.kind === "user" || known.kind === "refused";
    const body = { error: shown && details ? { ...told, details } : told, ...tail };
    return { status, body, isOurs: status >= 500 };
  }
  return {
    status: 500,
    body: { error: { code: "internal", message: "The workbench failed to answer." }, ...tail },
    isOurs: true,
  };
}
