import { expect, test } from "vitest";
import { MAX_DELIVERY_ATTEMPTS } from "../../core/contract/event.ts";
import { createEvents } from "../../core/events/index.ts";
import { createHostMetrics } from "../../core/metrics/index.ts";
import { createScheduler } from "../../core/scheduler/index.ts";
import { createHome, held, portsOf } from "../scheduler/fixture.ts";
import { parseExposition, total } from "./exposition.ts";

const HOUR = 3_600_000;
const EXTENSION = "com.acme.hello";

/** A host over a home that counts what it runs and delivers. */
function openHost(home = createHome()) {
  const { ports, database } = portsOf(home);
  const scheduler = createScheduler(ports);
  const events = createEvents({
    ...ports,
    random: () => 0,
    installs: { ...ports.installs, subscribers: () => [{ install_id: "install-1", handler: "sync" }] },
  });
  const metrics = createHostMetrics({
    runner: { restarts: () => 0, isReady: () => true },
    automation: { deliveries: events.counts },
  });
  scheduler.observe({ began: metrics.runBegan, ended: metrics.runEnded });
  events.observe(metrics);
  const schedule = () =>
    scheduler.create(home.installed, { endpoint: "POST /sync", cron: "0 * * * *", name: "hourly" });
  const samples = async () => parseExposition(await metrics.expose());
  return { home, database, scheduler, events, schedule, samples };
}

test("runs are counted by what set them off and how they ended, with how late they began", async () => {
  const { home, scheduler, schedule, samples } = openHost();
  const { id } = schedule();
  scheduler.start();
  home.time.advance(HOUR);
  await scheduler.settled();
  home.answer = async () => ({ status: 500 });
  await scheduler.runNow(home.installed, id);
  const waiting = held();
  home.answer = waiting.answer;
  home.time.advance(HOUR);
  home.time.advance(HOUR);
  waiting.release({ status: 200 });
  await scheduler.settled();
  const runs = await samples();
  const of = (trigger: string, outcome: string) =>
    total(runs, "workbench_schedule_runs_total", { extension: EXTENSION, trigger, outcome });
  expect([of("cron", "succeeded"), of("manual", "failed"), of("cron", "skipped")]).toEqual([2, 1, 1]);
  // The two that ran by themselves, each within the second in which it was looked for.
  expect(total(runs, "workbench_schedule_lateness_seconds_count", { extension: EXTENSION })).toBe(2);
  expect(total(runs, "workbench_schedule_lateness_seconds_bucket", { le: "1" })).toBe(2);
});

test("a run that its host did not end is counted by the host that finds it", async () => {
  const home = createHome();
  const gone = openHost(home);
  home.answer = () => new Promise(() => {});
  gone.schedule();
  gone.scheduler.start();
  home.time.advance(HOUR);
  gone.database.close();
  const next = openHost(home);
  next.scheduler.start();
  home.time.advance(61_000);
  expect(
    total(await next.samples(), "workbench_schedule_runs_total", { trigger: "cron", outcome: "interrupted" }),
  ).toBe(1);
});

test("attempts are counted by what became of them, and dead letters as they stand", async () => {
  const { home, events, samples } = openHost();
  events.start();
  const order = { tenantId: "tenant-1", topic: "ticket.created", data: "{}" };
  events.publish(order);
  await events.settled();
  home.answer = async () => ({ status: 503 });
  events.publish(order);
  await events.settled();
  const early = await samples();
  expect(total(early, "workbench_event_deliveries_waiting")).toBe(1);
  for (let attempt = 1; attempt < MAX_DELIVERY_ATTEMPTS; attempt += 1) {
    home.time.advance(24 * HOUR);
    await events.settled();
  }
  const late = await samples();
  const of = (outcome: string) =>
    total(late, "workbench_event_attempts_total", { extension: EXTENSION, outcome });
  expect([of("delivered"), of("retried"), of("dead")]).toEqual([1, MAX_DELIVERY_ATTEMPTS - 1, 1]);
  expect(total(late, "workbench_events_published_total")).toBe(2);
  expect(total(late, "workbench_event_dead_letters")).toBe(1);
  expect(total(late, "workbench_event_deliveries_waiting")).toBe(0);
});
