import type { ExecuteRequest, ExecuteResponse } from "alga:extension/types";
import { completeResponse } from "../response.ts";

/** The engine runs its own event loop until the exported function's promise settles. */
export function serve(
  run: (request: ExecuteRequest) => unknown,
): (request: ExecuteRequest) => Promise<ExecuteResponse> {
  return async (request) => completeResponse(await run(request));
}
