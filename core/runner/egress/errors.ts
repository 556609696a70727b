import { WorkbenchError } from "../../contract/errors.ts";

/** The cases that the WIT interface `http` can tell an extension; `quota_exceeded` ends the execution. */
export type EgressErrorCode = "url_invalid" | "not_allowed" | "transport" | "quota_exceeded";

export class EgressError extends WorkbenchError<EgressErrorCode> {}
