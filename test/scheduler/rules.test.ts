import { beforeAll, expect, test } from "vitest";
import { MAX_SCHEDULE_PAYLOAD_BYTES, MAX_SCHEDULES_PER_INSTALL } from "../../core/contract/schedule.ts";
import { ScheduleInvalid } from "../../core/scheduler/index.ts";
import { manifest } from "../policy/facts.ts";
import { suiteFolder } from "../support/temp.ts";
import { createHome, openScheduler } from "./fixture.ts";

const GOOD = { endpoint: "POST /sync", cron: "0 9 * * 1-5" };

const folder = suiteFolder();
let shared: ReturnType<typeof open>;
beforeAll(() => {
  shared = open(createHome(undefined, folder));
});

function open(home = createHome()) {
  const { scheduler } = openScheduler(home);
  return {
    home,
    scheduler,
    create: (input: object) => scheduler.create(home.installed, { ...GOOD, ...input }),
  };
}

function faultsOf(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    if (error instanceof ScheduleInvalid) return error.fieldErrors;
    throw error;
  }
  return {};
}

test("a schedule that keeps every rule is made with the defaults and told in words", () => {
  const { create } = open();
  expect(create({ name: " nightly " })).toMatchObject({
    endpoint: "POST /sync",
    name: "nightly",
    timezone: "UTC",
    enabled: true,
    missed: "run_once",
    description: "At 09:00, Monday through Friday",
    next_runs: ["2026-03-02T09:00:00.000Z", "2026-03-03T09:00:00.000Z", "2026-03-04T09:00:00.000Z"],
  });
});

test.each([
  ["POST /nowhere", "has no such endpoint"],
  ["GET /items/:id", "a path without parameters"],
  ["DELETE /items", "method GET or POST"],
  ["/sync", "expected METHOD /path"],
  ["POST", "expected METHOD /path"],
  ["POST /sync?x=1", "has no such endpoint"],
])("the endpoint %j is refused", (endpoint, fault) => {
  const { create } = shared;
  expect(faultsOf(() => create({ endpoint }))).toEqual({ endpoint: expect.stringContaining(fault) });
});

test("an endpoint that its manifest calls not schedulable is refused", () => {
  const { home, create } = open();
  const [first] = manifest({ endpoints: [{ method: "POST", path: "/sync" }] }).api?.endpoints ?? [];
  home.installed = {
    ...home.installed,
    manifest: {
      ...home.installed.manifest,
      api: { endpoints: first ? [{ ...first, schedulable: false }] : [] },
    },
  };
  expect(faultsOf(() => create({}))).toEqual({ endpoint: expect.stringContaining("not schedulable") });
});

test("an extension that lists no endpoints takes any well-formed path", () => {
  const { home, create } = open();
  home.installed = { ...home.installed, manifest: manifest() };
  expect(create({ endpoint: "post /anything" }).endpoint).toBe("POST /anything");
  expect(faultsOf(() => create({ endpoint: "POST /a/../b" }))).toEqual({
    endpoint: expect.stringContaining("URL characters"),
  });
});

test.each([
  ["* * * * *", "1 minute apart"],
  ["*/4 * * * *", "4 minutes apart"],
  ["0,57 * * * *", "3 minutes apart"],
  ["58 23,0 * * *", ""],
  ["0,58 23,0 * * *", "2 minutes apart"],
  ["*/5 * * * *", ""],
  ["*/7 * * * *", "4 minutes apart"],
  ["0 0 1 * 1", "cannot be used together"],
  ["0 0 */2 * 1", "cannot be used together"],
  ["0 0 1 JAN *", ""],
  ["0 0 * * MON,FRI", ""],
  ["0 0 31 2 *", "no such date"],
  ["0 0 29 2 *", ""],
  ["60 * * * *", "minute"],
  ["0 24 * * *", "hour"],
  ["0 0 * *", "five fields"],
  ["0 0 0 * * *", "five fields"],
  ["@daily", "five fields"],
  ["0 0 L * *", "day of month"],
  ["0 0 15W * *", "day of month"],
  ["0 0 * * 5#2", "day of week"],
  ["0 0 ? * 1", "day of month"],
  ["", "five fields"],
  [`${"0,".repeat(200)}0 0 * * *`, "five fields"],
])("the expression %j is judged: %s", (cron, fault) => {
  const { create } = shared;
  const expected = fault === "" ? {} : { cron: expect.stringContaining(fault) };
  expect(faultsOf(() => create({ cron }))).toEqual(expected);
});

test.each(["", "Mars/Olympus", "+02:00", "Europe/../etc", "x".repeat(65)])(
  "the time zone %j is refused",
  (timezone) => {
    const { create } = shared;
    expect(faultsOf(() => create({ timezone }))).toEqual({ timezone: expect.stringContaining("time zone") });
  },
);

test("a name has at most 128 characters and is the install's only one", () => {
  const { home, scheduler, create } = open();
  create({ name: "a".repeat(128) });
  expect(faultsOf(() => create({ name: "é".repeat(129) }))).toEqual({ name: "at most 128 characters" });
  expect(faultsOf(() => create({ name: "a".repeat(128) }))).toEqual({
    name: expect.stringContaining("another schedule"),
  });
  const other = create({ name: "b" });
  expect(faultsOf(() => scheduler.update(home.installed, other.id, { name: "a".repeat(128) }))).toEqual({
    name: expect.stringContaining("another schedule"),
  });
  expect(scheduler.update(home.installed, other.id, { name: "b" }).name).toBe("b");
  expect(scheduler.update(home.installed, "b", { name: "" })).not.toHaveProperty("name");
});

test("a payload is JSON of at most 100 KB", () => {
  const { home, scheduler, create } = open();
  const largest = JSON.stringify("x".repeat(MAX_SCHEDULE_PAYLOAD_BYTES - 2));
  const made = create({ payload: largest });
  expect(made.payload).toBe(largest);
  expect(faultsOf(() => create({ payload: `${largest} ` }))).toEqual({ payload: "at most 100 KB" });
  expect(faultsOf(() => create({ payload: "{" }))).toEqual({ payload: "expected JSON" });
  expect(scheduler.update(home.installed, made.id, { payload: "null" })).not.toHaveProperty("payload");
});

test("every fault is named at once", () => {
  const { create } = open();
  const bad = {
    endpoint: "PUT /x",
    cron: "x",
    timezone: "x y",
    name: "a\u0000",
    payload: "}",
    missed: "often",
  };
  expect(Object.keys(faultsOf(() => create(bad)) as object)).toEqual(Object.keys(bad));
});

test("an install has at most 50 schedules", () => {
  const { create } = open();
  for (let index = 0; index < MAX_SCHEDULES_PER_INSTALL; index += 1) create({});
  expect(() => create({})).toThrow(expect.objectContaining({ code: "schedule_limit" }));
});

test("an expression is told before it is used", () => {
  const { scheduler } = open();
  expect(scheduler.preview({ cron: " 30  2 * * * ", timezone: "Europe/Berlin" })).toEqual({
    errors: {},
    description: "At 02:30",
    next_runs: ["2026-03-02T01:30:00.000Z", "2026-03-03T01:30:00.000Z", "2026-03-04T01:30:00.000Z"],
  });
  expect(scheduler.preview({ cron: "*", timezone: "nowhere at all" })).toEqual({
    errors: { cron: expect.any(String), timezone: expect.any(String) },
    next_runs: [],
  });
});
