import { WorkbenchError } from "../contract/errors.ts";

export type LogErrorCode = "cursor_invalid" | "filter_invalid" | "too_many_views";

export class LogError extends WorkbenchError<LogErrorCode> {}
