import { reachRunner, runnerTrouble } from "../../platform/runner-reach.ts";
import type { Check } from "../check.ts";

/** Whether an external runner answers and takes the service token. The embedded one is started when it is needed. */
export const externalRunnerCheck: Check = {
  name: "runner",
  async run({ environment }) {
    const { RUNNER_BASE_URL: url, RUNNER_SERVICE_TOKEN: token } = environment;
    if (url === undefined) return { status: "pass", detail: "embedded" };
    const trouble = runnerTrouble(url, await reachRunner(url, token));
    return trouble === undefined
      ? { status: "pass", detail: `answers at ${url}` }
      : { status: "warn", detail: trouble.message, fix: trouble.hint };
  },
};
