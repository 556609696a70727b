import { WorkbenchError } from "../contract/errors.ts";

export type LogErrorCode = "cursor_invalid" | "filter_invalid";

export class LogError extends WorkbenchError<LogErrorCode> {}
