import { WorkbenchError } from "../contract/errors.ts";

export type RunnerErrorCode =
  /** The runner cannot be reached, or went away during the call. The next call may succeed. */
  | "runner_unavailable"
  /** It answered, but not as a runner does. */
  | "runner_protocol"
  /** The embedded runner could not be started at all. */
  | "runner_start_failed";

export class RunnerError extends WorkbenchError<RunnerErrorCode> {}

export function unavailable(message: string, cause?: unknown): RunnerError {
  return new RunnerError({ code: "runner_unavailable", kind: "system", message, cause });
}
