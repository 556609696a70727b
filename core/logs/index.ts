export { LogError } from "./errors.ts";
export { createExecutionLog, type ExecutionLog, type ExecutionLogOptions } from "./execution-log.ts";
export { createLiveStream, type LiveStream } from "./live/live-stream.ts";
export { createLogBook, type LogBook } from "./log-book.ts";
