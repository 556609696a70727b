import { writeSync } from "node:fs";
import { NO_USAGE } from "../../core/contract/execute.ts";
import { createExecutionLog } from "../../core/logs/index.ts";
import { systemClock } from "../../core/platform/clock.ts";
import { openDatabase } from "../../core/store/index.ts";
import { executionStart } from "./execution-start.ts";

// A process that records calls until it is killed, many at once, and says of each what it has been promised is stored.
const CALLS_AT_ONCE = 32;
const [file = "", name = ""] = process.argv.slice(2);
const log = createExecutionLog({ database: openDatabase(file), clock: systemClock });

/** Begins a call that is never finished: whenever the kill falls, one row was running. */
async function beginForGood(): Promise<void> {
  const id = `${name}-for-good`;
  await log.begin(executionStart(id, { path: "/for-good" }));
  writeSync(1, `begun ${id}\n`);
}

async function call(worker: number): Promise<never> {
  for (let number = 0; ; number += 1) {
    const id = `${name}-${worker}-${number}`;
    const start = executionStart(id, { path: `/items/${number % 50}` });
    if (number % 4 === 3) {
      await log.record(start, {
        outcome: "refused",
        status: 404,
        code: "endpoint_not_found",
        usage: NO_USAGE,
        trace: [],
      });
      writeSync(1, `refused ${id}\n`);
      continue;
    }
    await log.begin(start);
    writeSync(1, `begun ${id}\n`);
    await log.finish(id, { outcome: "succeeded", status: 200, usage: NO_USAGE, trace: [] });
    writeSync(1, `succeeded ${id}\n`);
  }
}

await beginForGood();
for (let worker = 0; worker < CALLS_AT_ONCE; worker += 1) void call(worker);
