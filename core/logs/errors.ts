import { z } from "zod";
import { WorkbenchError } from "../contract/errors.ts";

export type LogErrorCode = "cursor_invalid" | "filter_invalid" | "too_many_views";

export class LogError extends WorkbenchError<LogErrorCode> {}

/** Names each condition that is wrong, on one line. */
export function invalidFilter({ issues }: z.ZodError): LogError {
  const problems = issues.map(({ path, message }) => `${z.core.toDotPath(path) || "filter"}: ${message}`);
  return new LogError({
    code: "filter_invalid",
    message: `The filter is invalid: ${problems.join("; ")}.`,
    details: { problems },
  });
}
