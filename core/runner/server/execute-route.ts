import type { IncomingMessage, ServerResponse } from "node:http";
import { executeRequestSchema } from "../../contract/execute.ts";
import { MIB } from "../../contract/limits.ts";
import type { Executor } from "../execution/executor.ts";
import { readBody } from "../message-body.ts";
import { answerError, answerJson } from "./answer.ts";

/** A body of 32 MiB in base64, its configuration and its headers: above every cap that a tenant sensibly has. */
const MAX_EXECUTE_BYTES = 48 * MIB;

/** One for all: a default reason is made anew, with a stack, for each call. */
const HUNG_UP = new Error("the caller hung up");

/** `POST /v1/execute`: validates, executes, serialises. The caller has been authenticated. */
export function createExecuteRoute(executor: Executor) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await readBody(request, MAX_EXECUTE_BYTES);
    if (body === undefined) {
      response.setHeader("connection", "close");
      answerError(response, 413, "request_too_large", `The request is over ${MAX_EXECUTE_BYTES} bytes.`);
      return;
    }
    const parsed = executeRequestSchema.safeParse(jsonOf(body));
    if (!parsed.success) {
      const where = parsed.error.issues.map(({ path }) => path.join(".") || "body").slice(0, 5);
      answerError(response, 400, "malformed_request", `The request is malformed at ${where.join(", ")}.`);
      return;
    }
    // A caller that hangs up frees the worker: nobody would read the answer.
    const gone = new AbortController();
    response.on("close", () => {
      if (!response.writableFinished) gone.abort(HUNG_UP);
    });
    answerJson(response, 200, await executor.execute(parsed.data, gone.signal));
  };
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}
