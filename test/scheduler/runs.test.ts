import { describe, expect, test } from "vitest";
import { manifest } from "../policy/facts.ts";
import { type AutomationHome, createHome, held, openScheduler } from "./fixture.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

function running(home: AutomationHome, input: object = {}) {
  const host = openScheduler(home);
  const schedule = host.scheduler.create(home.installed, {
    endpoint: "POST /sync",
    cron: "0 * * * *",
    ...input,
  });
  host.scheduler.start();
  return { ...host, schedule, now: () => host.scheduler.get(home.installed, schedule.id) };
}

describe("an occurrence", () => {
  test("is called once, when it is due, with the payload and an idempotency key of its own", async () => {
    const home = createHome();
    const { scheduler, schedule, now } = running(home, { payload: '{"full":true}' });
    home.time.advance(HOUR - 1);
    expect(home.calls).toEqual([]);
    home.time.advance(1_000);
    await scheduler.settled();
    home.time.advance(HOUR);
    await scheduler.settled();
    expect(home.calls.map(({ method, path, body }) => [method, path, body])).toEqual([
      ["POST", "/sync", '{"full":true}'],
      ["POST", "/sync", '{"full":true}'],
    ]);
    const runs = scheduler.runs(home.installed, schedule.id);
    expect(home.calls.map(({ idempotencyKey }) => idempotencyKey)).toEqual(
      runs.map(({ id }) => id).reverse(),
    );
    expect(runs[1]).toMatchObject({
      trigger: "cron",
      outcome: "succeeded",
      due_at: "2026-03-01T13:00:00.000Z",
      status: 200,
      execution_id: "execution-1",
    });
    expect(now()).toMatchObject({ last_run_status: "succeeded", last_execution_id: "execution-1" });
  });

  test("of a GET endpoint sends no body", async () => {
    const home = createHome();
    const { scheduler } = running(home, { endpoint: "GET /report", payload: "{}" });
    home.time.advance(HOUR);
    await scheduler.settled();
    expect(home.calls[0]).toMatchObject({ method: "GET", body: undefined });
  });

  test.each([
    [{ status: 500 }, { code: "handler_status", error: "The handler answered 500." }],
    [
      { status: 429, error: { code: "rate_limited", message: "Too many." } },
      { code: "rate_limited", error: "Too many." },
    ],
  ])("that ends with %j has failed and says why", async (answer, expected) => {
    const home = createHome();
    home.answer = async () => answer;
    const { scheduler, schedule, now } = running(home);
    home.time.advance(HOUR);
    await scheduler.settled();
    expect(scheduler.runs(home.installed, schedule.id)[0]).toMatchObject({ outcome: "failed", ...expected });
    expect(now()).toMatchObject({ last_run_status: "failed", last_error: expected.error });
  });

  test("is left out and written down while the one before still runs", async () => {
    const home = createHome();
    const slow = held();
    home.answer = slow.answer;
    const { scheduler, schedule, now } = running(home);
    home.time.advance(2 * HOUR);
    expect(home.calls).toHaveLength(1);
    expect(scheduler.runs(home.installed, schedule.id).map(({ outcome, code }) => [outcome, code])).toEqual([
      ["skipped", "overlap"],
      ["running", undefined],
    ]);
    expect(now().last_run_status).toBe("running");
    slow.release({ status: 204 });
    await scheduler.settled();
    home.time.advance(HOUR);
    await scheduler.settled();
    expect(home.calls).toHaveLength(2);
  });

  test("passes by while the install is disabled, and none is made up for afterwards", async () => {
    const home = createHome();
    const { scheduler, schedule } = running(home);
    home.installed = { ...home.installed, enabled: false };
    home.time.advance(3 * HOUR);
    expect(scheduler.get(home.installed, schedule.id)).toMatchObject({
      install_enabled: false,
      next_runs: [],
    });
    home.installed = { ...home.installed, enabled: true };
    home.time.advance(30 * MINUTE);
    await scheduler.settled();
    expect([home.calls, scheduler.runs(home.installed, schedule.id)]).toEqual([[], []]);
  });

  test("is not run when the installed version has lost the endpoint, and the schedule says so at once", async () => {
    const home = createHome();
    const { scheduler, schedule } = running(home);
    home.installed = {
      ...home.installed,
      manifest: { ...manifest({ endpoints: [{ method: "GET", path: "/report" }] }), version: "2.0.0" },
    };
    const problem = "POST /sync cannot be run: the manifest of version 2.0.0 has no such endpoint.";
    expect(scheduler.get(home.installed, schedule.id)).toMatchObject({
      problem,
      last_error: problem,
      next_runs: [],
    });
    home.time.advance(HOUR);
    expect(home.calls).toEqual([]);
    expect(scheduler.runs(home.installed, schedule.id)[0]).toMatchObject({
      outcome: "failed",
      code: "endpoint_removed",
      error: problem,
    });
    await expect(scheduler.runNow(home.installed, schedule.id)).rejects.toMatchObject({
      code: "schedule_not_runnable",
      message: problem,
    });
    scheduler.update(home.installed, schedule.id, { endpoint: "GET /report" });
    expect(scheduler.get(home.installed, schedule.id)).not.toHaveProperty("problem");
  });

  test("is no longer due once the schedule is disabled, deleted or planned anew", async () => {
    const home = createHome();
    const { scheduler, schedule } = running(home);
    scheduler.update(home.installed, schedule.id, { enabled: false });
    home.time.advance(HOUR);
    scheduler.update(home.installed, schedule.id, { enabled: true, cron: "30 * * * *" });
    home.time.advance(29 * MINUTE);
    expect(home.calls).toEqual([]);
    home.time.advance(MINUTE);
    await scheduler.settled();
    expect(home.calls).toHaveLength(1);
    scheduler.remove(home.installed, schedule.id);
    home.time.advance(2 * HOUR);
    expect(home.calls).toHaveLength(1);
  });
});

describe("run now", () => {
  test("runs outside the plan, even while disabled, and leaves the plan as it is", async () => {
    const home = createHome();
    const { scheduler, schedule, now } = running(home, { enabled: false });
    const run = await scheduler.runNow(home.installed, schedule.id);
    expect(run).toMatchObject({ trigger: "manual", outcome: "succeeded", execution_id: "execution-1" });
    expect(now()).toMatchObject({ enabled: false, next_runs: [], last_run_status: "succeeded" });
  });

  test("is refused while a run goes on", async () => {
    const home = createHome();
    const slow = held();
    home.answer = slow.answer;
    const { scheduler, schedule } = running(home);
    const first = scheduler.runNow(home.installed, schedule.id);
    await expect(scheduler.runNow(home.installed, schedule.id)).rejects.toMatchObject({
      code: "schedule_running",
    });
    slow.release({ status: 200 });
    expect(await first).toMatchObject({ outcome: "succeeded" });
  });
});

describe("occurrences while no host ran", () => {
  test("are made up for once, and the plan goes on from now", async () => {
    const home = createHome();
    const before = running(home);
    await before.close();
    home.time.jumpTo("2026-03-01T18:20:00.000Z");
    const { scheduler } = openScheduler(home);
    scheduler.start();
    await scheduler.settled();
    const runs = scheduler.runs(home.installed, before.schedule.id);
    expect(runs).toMatchObject([
      { trigger: "missed", outcome: "succeeded", due_at: "2026-03-01T13:00:00.000Z" },
    ]);
    expect(home.calls).toHaveLength(1);
    expect(scheduler.get(home.installed, before.schedule.id).next_runs[0]).toBe("2026-03-01T19:00:00.000Z");
  });

  test("are left out and written down where the schedule says so", async () => {
    const home = createHome();
    const before = running(home, { missed: "skip" });
    await before.close();
    home.time.jumpTo("2026-03-01T18:20:00.000Z");
    const { scheduler } = openScheduler(home);
    scheduler.start();
    expect(scheduler.runs(home.installed, before.schedule.id)).toMatchObject([
      { trigger: "missed", outcome: "skipped", code: "missed" },
    ]);
    home.time.advance(40 * MINUTE);
    await scheduler.settled();
    expect(home.calls).toHaveLength(1);
  });

  test("a run that its host did not live to end is called interrupted, and the schedule goes on", async () => {
    const home = createHome();
    home.answer = () => new Promise(() => {});
    const dead = running(home);
    home.time.advance(HOUR);
    // What a kill leaves: the row says running, and nobody renews its lease.
    dead.database.close();
    home.time.jumpTo("2026-03-01T13:55:00.000Z");
    home.answer = async () => ({ status: 200 });
    const { scheduler } = openScheduler(home);
    scheduler.start();
    expect(scheduler.get(home.installed, dead.schedule.id)).toMatchObject({
      last_run_status: "interrupted",
      last_error: "The host stopped during the run.",
    });
    home.time.advance(5 * MINUTE);
    await scheduler.settled();
    expect(scheduler.get(home.installed, dead.schedule.id).last_run_status).toBe("succeeded");
  });

  test("a host that stops gives up its runs and says so", async () => {
    const home = createHome();
    home.answer = ({ signal }) =>
      new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    const host = running(home);
    home.time.advance(HOUR);
    await host.close();
    const { scheduler } = openScheduler(home);
    expect(scheduler.runs(home.installed, host.schedule.id)).toMatchObject([{ outcome: "interrupted" }]);
  });
});

describe("the clocks of a time zone", () => {
  const berlin = { timezone: "Europe/Berlin" };

  async function runsOver(start: string, cron: string, hours: number): Promise<string[]> {
    const home = createHome(start);
    const { scheduler, schedule } = running(home, { ...berlin, cron });
    for (let hour = 0; hour < hours; hour += 1) {
      home.time.advance(HOUR);
      await scheduler.settled();
    }
    return scheduler
      .runs(home.installed, schedule.id)
      .map(({ due_at }) => due_at)
      .reverse();
  }

  test("a time of day that spring skips runs when the clocks have been put forward", async () => {
    expect(await runsOver("2026-03-28T12:00:00.000Z", "30 2 * * *", 48)).toEqual([
      "2026-03-29T01:00:00.000Z",
      "2026-03-30T00:30:00.000Z",
    ]);
  });

  test("a time of day that autumn repeats runs once", async () => {
    expect(await runsOver("2026-10-24T12:00:00.000Z", "30 2 * * *", 48)).toEqual([
      "2026-10-25T00:30:00.000Z",
      "2026-10-26T01:30:00.000Z",
    ]);
  });

  test("every half hour means every half hour that passes, through both changes", async () => {
    expect(await runsOver("2026-03-29T00:10:00.000Z", "*/30 * * * *", 2)).toEqual([
      "2026-03-29T00:30:00.000Z",
      "2026-03-29T01:00:00.000Z",
      "2026-03-29T01:30:00.000Z",
      "2026-03-29T02:00:00.000Z",
    ]);
    expect(await runsOver("2026-10-25T00:10:00.000Z", "*/30 * * * *", 2)).toEqual([
      "2026-10-25T00:30:00.000Z",
      "2026-10-25T01:00:00.000Z",
      "2026-10-25T01:30:00.000Z",
      "2026-10-25T02:00:00.000Z",
    ]);
  });
});

test("two hosts over one home run every occurrence once between them", async () => {
  const home = createHome();
  const first = openScheduler(home);
  const second = openScheduler(home);
  for (const minute of [0, 5, 10, 15, 20]) {
    first.scheduler.create(home.installed, { endpoint: "POST /sync", cron: `${minute} * * * *` });
  }
  first.scheduler.start();
  second.scheduler.start();
  for (let hour = 0; hour < 4; hour += 1) {
    home.time.advance(HOUR);
    await Promise.all([first.scheduler.settled(), second.scheduler.settled()]);
  }
  const due = first.scheduler
    .list()
    .flatMap(({ id }) => first.scheduler.runs(home.installed, id))
    .map(({ schedule_id, due_at, outcome }) => [schedule_id, due_at, outcome].join());
  expect(due).toHaveLength(20);
  expect(new Set(due).size).toBe(20);
  expect(home.calls).toHaveLength(20);
});

test("keeps the newest hundred runs of a schedule", async () => {
  const home = createHome();
  const { scheduler, schedule, database } = running(home);
  for (let run = 0; run < 110; run += 1) await scheduler.runNow(home.installed, schedule.id);
  expect(scheduler.runs(home.installed, schedule.id)).toHaveLength(100);
  expect(database.prepare("SELECT COUNT(*) AS n FROM extension_schedule_run").get()).toEqual({ n: 100 });
});
