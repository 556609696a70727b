import { setFlagsFromString } from "node:v8";

/**
 * Young objects are collected by the thread that made them. V8 shares that work among helper threads and waits for all of
 * them: where host, runner, guests and their callers fill every core, a pause of five milliseconds became seventy.
 * For Node's command line.
 */
export const COLLECTION_FLAGS = ["--no-parallel-scavenge"] as const;

/** The same for this process, which is running already. */
export function collectOnOwnThread(): void {
  for (const flag of COLLECTION_FLAGS) setFlagsFromString(flag);
}
