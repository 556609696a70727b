import type { ExecuteRequest, ExecuteResponse } from "alga:extension/types";
import { completeResponse } from "../response.ts";
import { runMicrotasks } from "./microtasks.ts";

/** Runs the handler and then every pending job; see `microtasks.ts`. */
export function serve(
  run: (request: ExecuteRequest) => unknown,
): (request: ExecuteRequest) => ExecuteResponse {
  return (request) => {
    let outcome: { value: unknown } | { error: unknown } | undefined;
    new Promise<unknown>((resolve) => resolve(run(request))).then(
      (value) => {
        outcome = { value };
      },
      (error: unknown) => {
        outcome = { error };
      },
    );
    runMicrotasks();
    if (outcome === undefined) throw new Error("handler awaits something that nothing will ever settle");
    if ("error" in outcome) throw outcome.error;
    return completeResponse(outcome.value);
  };
}
