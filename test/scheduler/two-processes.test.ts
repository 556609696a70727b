import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, onTestFinished, test } from "vitest";
import { createEvents } from "../../core/events/index.ts";
import { createScheduler } from "../../core/scheduler/index.ts";
import { createHome, portsOf } from "./fixture.ts";

const SCHEDULES = 30;
const DELIVERIES = 30;

interface Host {
  readonly child: ChildProcessWithoutNullStreams;
  /** What it has said so far, `ready` first. */
  readonly lines: string[];
}

function startHost(file: string, onLine: () => void): Host {
  const child = spawn(process.execPath, [join(import.meta.dirname, "shared-home-host.ts"), file]);
  onTestFinished(() => void child.kill("SIGKILL"));
  const lines: string[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => {
    lines.push(line);
    onLine();
  });
  child.stderr.on("data", (text: Buffer) => lines.push(`stderr ${text}`));
  // A process that ends too early must fail the test and not leave it waiting.
  child.once("exit", onLine);
  return { child, lines };
}

test("two processes over one home run each occurrence and make each delivery once between them", async () => {
  const home = createHome(new Date().toISOString());
  const { database, ports } = portsOf(home);
  const scheduler = createScheduler(ports);
  const schedules = Array.from({ length: SCHEDULES }, (_, index) =>
    scheduler.create(home.installed, {
      endpoint: "POST /sync",
      cron: "0 0 1 1 *",
      name: `schedule ${index}`,
    }),
  );
  // All due at this moment, and none of them again before the next year.
  database
    .prepare("UPDATE extension_schedule SET next_run_at = ?")
    .run(new Date(Date.now() - 1_000).toISOString());
  const events = createEvents({
    ...ports,
    random: () => 0,
    installs: {
      ...ports.installs,
      subscribers: () => [{ install_id: "install-1", handler: "sync" }],
    },
  });
  const published = Array.from({ length: DELIVERIES }, () =>
    events.publish({ tenantId: "tenant-1", topic: "ticket.created", data: "{}" }),
  );

  let wake = () => {};
  const hosts = [startHost(home.file, () => wake()), startHost(home.file, () => wake())];
  const until = async (isThere: () => boolean) => {
    while (!isThere() && hosts.every(({ child }) => child.exitCode === null)) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  await until(() => hosts.every(({ lines }) => lines.includes("ready")));
  for (const { child } of hosts) child.stdin.write("begin\n");
  const calls = () => hosts.flatMap(({ lines }) => lines.filter((line) => line !== "ready"));
  await until(() => calls().length >= SCHEDULES + DELIVERIES);
  // What is under way is ended before they end: nothing can be called after that.
  await Promise.all(
    hosts.map(async ({ child }) => {
      const ended = once(child, "close");
      child.stdin.end();
      await ended;
    }),
  );

  const runs = schedules.flatMap(({ id }) => scheduler.runs(home.installed, id));
  expect(runs.map(({ outcome }) => outcome)).toEqual(Array(SCHEDULES).fill("succeeded"));
  const deliveries = published.flatMap(({ id }) => events.get(id).deliveries);
  expect(deliveries.map(({ state, attempts }) => [state, attempts])).toEqual(
    Array(DELIVERIES).fill(["delivered", 1]),
  );
  expect(calls().sort()).toEqual(
    [...runs.map(({ id }) => `scheduler ${id}`), ...deliveries.map(({ id }) => `events ${id}`)].sort(),
  );
  database.close();
});
