export { LogError, type LogErrorCode } from "./errors.ts";
export { createExecutionLog, type ExecutionLog, type ExecutionLogOptions } from "./execution-log.ts";
export { createLogBook, type LogBook, type LogListener } from "./log-book.ts";
