import { type RunnerHealth, runnerHealthSchema } from "../contract/runner-health.ts";

/** A runner that is well answers at once, from memory. */
const HEALTH_TIMEOUT_MS = 2_000;

/** What a runner says of itself; `undefined` when it does not answer, or not as a runner does. */
export async function runnerHealth(baseUrl: string): Promise<RunnerHealth | undefined> {
  try {
    const response = await fetch(new URL("/healthz", baseUrl), {
      redirect: "error",
      signal: AbortSignal.timeout(HEALTH_TIMEOUT_MS),
    });
    return response.ok ? runnerHealthSchema.parse(await response.json()) : undefined;
  } catch {
    return undefined;
  }
}
