// A host's scheduler and events over a home that another process shares: `node shared-home-host.ts DATABASE`. Says `ready`,
// begins at a line on stdin, says the idempotency key of each call that it makes, and ends with stdin.
import { createEvents } from "../../core/events/index.ts";
import { systemClock } from "../../core/platform/clock.ts";
import { randomIds } from "../../core/platform/ids.ts";
import type { Logger } from "../../core/platform/logger.ts";
import { systemTimers } from "../../core/platform/timers.ts";
import { createScheduler } from "../../core/scheduler/index.ts";
import { openDatabase } from "../../core/store/index.ts";
import { install, manifest } from "../policy/facts.ts";

const database = openDatabase(process.argv[2] ?? "");
const installed = install({
  manifest: manifest({ endpoints: [{ method: "POST", path: "/sync", handler: "sync" }] }),
});
const say = (fields: unknown, message: string) =>
  void process.stderr.write(`${message} ${JSON.stringify(fields)}\n`);
const logger: Logger = { debug: () => {}, info: () => {}, warn: say, error: say };
const shared = {
  database,
  clock: systemClock,
  timers: systemTimers,
  ids: randomIds,
  logger,
  call: async ({ caller, idempotencyKey }: { caller: string; idempotencyKey: string }) => {
    process.stdout.write(`${caller} ${idempotencyKey}\n`);
    // The other process has its turn while this call is under way.
    await new Promise<void>((resolve) => void setImmediate(resolve));
    return { status: 200 };
  },
};
const find = (id: string) => (id === installed.install_id ? installed : undefined);
const scheduler = createScheduler({ ...shared, installs: { find } });
const events = createEvents({ ...shared, random: () => 0, installs: { find, subscribers: () => [] } });

process.stdin.once("data", () => {
  scheduler.start();
  events.start();
});
process.stdin.once("end", async () => {
  await Promise.all([scheduler.settled(), events.settled()]);
  await Promise.all([scheduler.stop(), events.stop()]);
  database.close();
});
process.stdout.write("ready\n");
