import { WorkbenchError } from "../contract/errors.ts";
import type { ReplayObstacle } from "../contract/execution-recording.ts";

export class RecordingError extends WorkbenchError<ReplayObstacle | "execution_not_found"> {}
