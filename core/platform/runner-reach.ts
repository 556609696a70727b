import { errorReason } from "./error-reason.ts";

/** Someone who listens answers a request without content at once. */
const REACH_TIMEOUT_MS = 3_000;

/** What is found where `RUNNER_BASE_URL` points. `reason` is the network's or TLS's code, or the HTTP status. */
export type RunnerReach =
  | { readonly state: "answers" }
  | { readonly state: "unreachable" | "token_refused" | "no_runner"; readonly reason: string };

/**
 * Asks an external runner by its wire contract alone: `POST /v1/execute` without a content is refused by every runner,
 * as malformed when the service token is right and as unauthenticated when it is not.
 */
export async function reachRunner(baseUrl: string, serviceToken: string | undefined): Promise<RunnerReach> {
  try {
    const response = await fetch(new URL("/v1/execute", baseUrl), {
      method: "POST",
      redirect: "manual",
      headers: {
        "content-type": "application/json",
        ...(serviceToken === undefined ? {} : { authorization: `Bearer ${serviceToken}` }),
      },
      body: "{}",
      signal: AbortSignal.timeout(REACH_TIMEOUT_MS),
    });
    await response.body?.cancel();
    const reason = `HTTP ${response.status}`;
    if (response.status === 401 || response.status === 403) return { state: "token_refused", reason };
    // A redirect, a missing route or a broken gateway in between: nobody there executes anything.
    return response.status === 404 ||
      response.status >= 500 ||
      (response.status >= 300 && response.status < 400)
      ? { state: "no_runner", reason }
      : { state: "answers" };
  } catch (error) {
    return { state: "unreachable", reason: errorReason(error) };
  }
}

/** What is wrong, and how to mend it; `undefined` when a runner answers. */
export function runnerTrouble(
  baseUrl: string,
  reach: RunnerReach,
): { readonly message: string; readonly hint: string } | undefined {
  switch (reach.state) {
    case "answers":
      return undefined;
    case "token_refused":
      return {
        message: `The runner at ${baseUrl} refuses the service token (${reach.reason}).`,
        hint: "Give RUNNER_SERVICE_TOKEN the value that the runner was started with.",
      };
    case "no_runner":
      return {
        message: `What answers at ${baseUrl} is no runner (${reach.reason}).`,
        hint: "Give RUNNER_BASE_URL the origin at which POST /v1/execute is answered.",
      };
    case "unreachable":
      return {
        message: `The runner at ${baseUrl} cannot be reached (${reach.reason}).`,
        hint: "Start it, check RUNNER_BASE_URL, and give NODE_EXTRA_CA_CERTS the file of a private authority that signed its certificate.",
      };
  }
}
