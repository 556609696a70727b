import {
  createLiveStream,
  createRetention,
  createSavedViews,
  type ExecutionLog,
  type LiveStream,
  type LogBook,
  type Retention,
  type SavedViews,
} from "../logs/index.ts";
import type { Clock } from "../platform/clock.ts";
import type { Database } from "../store/index.ts";
import type { Settings } from "../tenants/index.ts";
import { createExecutionArchive, type ExecutionArchive } from "./execution-archive.ts";
import type { ExecutionRecordings } from "./execution-recordings.ts";

/** What is made of the record of everything that happened. */
export interface WorkbenchRecord {
  /** Lines, executions and decisions as they come. */
  readonly live: LiveStream;
  readonly archive: ExecutionArchive;
  readonly retention: Retention;
  readonly views: SavedViews;
}

interface Options {
  readonly database: Database;
  readonly clock: Clock;
  readonly settings: Settings;
  readonly executions: ExecutionLog;
  readonly logs: LogBook;
  readonly recordings: Pick<ExecutionRecordings, "recording" | "prune">;
  readonly redact: (installId: string, text: string) => string;
}

export function createRecord(options: Options): WorkbenchRecord {
  return {
    live: createLiveStream(options),
    archive: createExecutionArchive(options),
    retention: createRetention(options),
    views: createSavedViews(options.settings),
  };
}
