import { WorkbenchError } from "../../contract/errors.ts";

/** The cases that the WIT interface `http` can tell an extension. */
export type EgressErrorCode = "url_invalid" | "not_allowed" | "transport";

export class EgressError extends WorkbenchError<EgressErrorCode> {}
