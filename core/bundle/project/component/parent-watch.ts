/** Ends the process when the one that started it has gone, however busy the main thread is. */
import { workerData } from "node:worker_threads";
import { z } from "zod";
import { removeLeftovers } from "./leftovers.ts";

const CHECK_INTERVAL_MS = 1_000;
const { parent, leftovers } = z
  .object({ parent: z.number().int().positive(), leftovers: z.string().optional() })
  .parse(workerData);

setInterval(() => {
  try {
    // Signal 0 only asks whether there is such a process.
    process.kill(parent, 0);
    if (process.ppid === parent) return;
  } catch {
    // Gone.
  }
  removeLeftovers(leftovers);
  process.kill(process.pid, "SIGKILL");
}, CHECK_INTERVAL_MS);
