import { WorkbenchError } from "../contract/errors.ts";

/** What is said wherever an execution is named that is not in the log. */
export function unknownExecution(id: string): WorkbenchError<"execution_not_found"> {
  return new WorkbenchError({
    code: "execution_not_found",
    message: "There is no execution with that id or request id.",
    details: { id: id.slice(0, 128) },
    hint: "See workbench executions list.",
  });
}
