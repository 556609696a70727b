import { afterAll, beforeAll, expect, it } from "vitest";
import { buildTestComponent } from "../support/components.ts";
import { openRunnerHome, type RunnerHome } from "./support/runner-home.ts";

/** Calls the function that the path names with the arguments in the body. */
const SOURCE = `
import * as scheduler from "alga:extension/scheduler";
const text = (bytes) => decodeURIComponent(Array.from(bytes, (byte) => "%" + byte.toString(16).padStart(2, "0")).join(""));
export function handler({ http }) {
  let answer;
  try {
    const value = scheduler[http.url.slice(1)](...JSON.parse(text(http.body)));
    answer = { value: value === undefined ? null : value };
  } catch (error) { answer = { refused: error.payload }; }
  const body = Uint8Array.from(unescape(encodeURIComponent(JSON.stringify(answer, (key, value) => value === null && key !== "value" ? undefined : value))), (c) => c.charCodeAt(0));
  return { status: 200, headers: [], body };
}`;

let home: RunnerHome;
let hash: Awaited<ReturnType<RunnerHome["publish"]>>;

beforeAll(async () => {
  home = await openRunnerHome();
  hash = await home.publish({
    "dist/main.wasm": await buildTestComponent({ source: SOURCE, engine: "quickjs" }),
  });
});
afterAll(() => home.close());

async function ask(fn: string, args: readonly unknown[], installId?: string): Promise<unknown> {
  const body_b64 = Buffer.from(JSON.stringify(args)).toString("base64");
  const { body, error } = await home.call(hash, {
    http: { method: "POST", path: `/${fn}`, body_b64 },
    rest: { providers: ["cap:scheduler.manage"] },
    ...(installId === undefined ? {} : { context: { install_id: installId, tenant_id: "tenant-b" } }),
  });
  return error ?? body;
}

it("makes, lists, changes and deletes schedules of its own install", async () => {
  const made = await ask("createSchedule", [
    {
      endpoint: "POST /sync",
      cron: "0 9 * * *",
      timezone: "Europe/Berlin",
      name: "nightly",
      payload: '{"a":1}',
    },
  ]);
  expect(made).toEqual({ value: { success: true, scheduleId: expect.any(String) } });
  const { scheduleId } = (made as { value: { scheduleId: string } }).value;
  const info = {
    id: scheduleId,
    endpointPath: "/sync",
    endpointMethod: "POST",
    name: "nightly",
    cron: "0 9 * * *",
    timezone: "Europe/Berlin",
    enabled: true,
    payload: '{"a":1}',
    createdAt: "2026-03-01T12:00:00.000Z",
  };
  expect(await ask("listSchedules", [])).toEqual({ value: [info] });
  expect(await ask("getSchedule", [scheduleId])).toEqual({ value: info });
  expect(await ask("listSchedules", [], "install-b")).toEqual({ value: [] });
  expect(await ask("getSchedule", [scheduleId], "install-b")).toEqual({ value: null });
  expect(await ask("getSchedule", ["another"])).toEqual({ value: null });
  expect(await ask("updateSchedule", [scheduleId, { enabled: false, name: "", payload: "null" }])).toEqual({
    value: { success: true },
  });
  const { name: _name, payload: _payload, ...rest } = info;
  expect(await ask("getSchedule", [scheduleId])).toEqual({ value: { ...rest, enabled: false } });
  expect(await ask("deleteSchedule", [scheduleId])).toEqual({ value: { success: true } });
  expect(await ask("deleteSchedule", [scheduleId])).toEqual({
    value: { success: false, error: "There is no such schedule." },
  });
});

it("answers a broken rule with the faults by field as JSON text", async () => {
  const answer = await ask("createSchedule", [
    {
      endpoint: "GET /items/:id",
      cron: "* * * * *",
      name: "n".repeat(200_000),
      payload: "[".repeat(200_000),
    },
  ]);
  const { value } = answer as { value: { success: boolean; error: string; fieldErrors: string } };
  expect([value.success, value.error]).toEqual([false, expect.stringContaining("not usable")]);
  expect(JSON.parse(value.fieldErrors)).toEqual({
    endpoint: "expected a path without parameters",
    cron: expect.stringContaining("1 minute apart"),
    name: "at most 128 characters",
    payload: "at most 100 KB",
  });
});

it("says which endpoints a schedule may call", async () => {
  expect(await ask("getEndpoints", [])).toEqual({
    value: [
      { id: "POST /sync", method: "POST", path: "/sync", handler: "sync", schedulable: true },
      { id: "GET /items/:id", method: "GET", path: "/items/:id", handler: "item", schedulable: false },
    ],
  });
});
