import type { Workbench } from "../workbench.ts";
import { announceServing } from "./serving.ts";

/** While a host serves: commands of its home find it, and its record is kept within its bounds. The answer ends it. */
export function keepRecord(
  { environment, record, logger }: Pick<Workbench, "environment" | "record" | "logger">,
  serving: { readonly url: string; readonly token: string; readonly runner_url: string },
): () => void {
  const withdraw = announceServing(environment.home, { ...serving, pid: process.pid });
  const stopPruning = record.retention.start((error) =>
    logger.error({ err: error }, "the record could not be pruned"),
  );
  return () => {
    stopPruning();
    withdraw();
  };
}
