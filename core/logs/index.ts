export { LogError } from "./errors.ts";
export { createExecutionLog, type ExecutionLog, type ExecutionLogOptions } from "./execution-log.ts";
export { harOf } from "./har.ts";
export { createLiveStream, type LiveStream } from "./live/live-stream.ts";
export { createLogBook, type LogBook } from "./log-book.ts";
export { createRetention, type Retention } from "./retention.ts";
export { createSavedViews, type SavedViews } from "./saved-views.ts";
