import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { packArchive } from "../../core/bundle/index.ts";
import { eventDeliverySchema, publishedEventSchema } from "../../core/contract/event.ts";
import { scheduleRunSchema, scheduleSchema } from "../../core/contract/schedule.ts";
import { workbench } from "../support/command-line.ts";
import { buildTestComponent } from "../support/components.ts";
import { suiteFolder } from "../support/temp.ts";

const folder = suiteFolder();
const options = { cwd: folder, home: join(folder, "home") };
const NAME = "com.acme.tickets";

/** Logs what it is sent and whether a user is signed in. */
const SOURCE = `
import { logInfo } from "alga:extension/logging";
import { getUser } from "alga:extension/user";
export function handler({ http }) {
  let user; try { user = getUser().userId; } catch (error) { user = error.payload; }
  const header = http.headers.find(({ name }) => name.toLowerCase() === "x-idempotency-key");
  logInfo([user, header && header.value, String.fromCharCode(...(http.body || []))].join(" "));
  return { status: 200, headers: [] };
}`;

const MANIFEST = {
  name: NAME,
  publisher: "Acme",
  version: "1.0.0",
  runtime: "wasm-js@1",
  api: {
    endpoints: [
      { method: "POST", path: "/sync", handler: "sync" },
      { method: "GET", path: "/report", handler: "report" },
    ],
  },
  events: [
    { topic: "ticket.created", handler: "sync" },
    { topic: "ticket.created", handler: "nobody" },
  ],
};

async function ask<T>(schema: z.ZodType<T>, args: readonly string[]): Promise<T> {
  const outcome = await workbench([...args, "--json"], options);
  expect(outcome, outcome.stdout + outcome.stderr).toMatchObject({ code: 0 });
  return schema.parse(outcome.json());
}

const anything = z.unknown();
const shown = z.object({ outcome: z.string(), logs: z.array(z.object({ message: z.string() })) });

beforeAll(async () => {
  const archive = await packArchive([
    { path: "manifest.json", bytes: Buffer.from(JSON.stringify(MANIFEST)) },
    { path: "dist/main.wasm", bytes: await buildTestComponent({ source: SOURCE, engine: "quickjs" }) },
  ]);
  writeFileSync(join(folder, "bundle.tar.zst"), archive);
  const { id } = await ask(z.object({ id: z.string() }), [
    ...["keys", "generate", "--algorithm", "ecdsa-p256", "--subject", "CN=Acme"],
  ]);
  for (const line of [
    ["trust", "add", "--key", id],
    ["sign", "bundle.tar.zst", "--key", id],
    ["publish", "bundle.tar.zst"],
    ["install", NAME],
  ])
    await ask(anything, line);
});

it("makes a schedule, runs it in this process with no user signed in, and changes and deletes it", async () => {
  const made = await ask(scheduleSchema, [
    ...["schedules", "create", NAME, "--endpoint", "POST /sync", "--cron", "0 9 * * 1-5"],
    ...["--timezone", "Europe/Berlin", "--name", "nightly", "--payload", '{"full":true}'],
  ]);
  const run = await ask(scheduleRunSchema, ["schedules", "run", NAME, "nightly"]);
  expect(run).toMatchObject({ schedule_id: made.id, trigger: "manual", outcome: "succeeded", status: 200 });
  const execution = await ask(shown, ["executions", "show", run.execution_id ?? ""]);
  expect(execution.logs.map(({ message }) => message)).toEqual([`not-available ${run.id} {"full":true}`]);

  const changed = await ask(scheduleSchema, [
    ...["schedules", "update", NAME, "nightly", "--endpoint", "GET /report", "--name", "", "--disable"],
  ]);
  expect(changed).toMatchObject({ endpoint: "GET /report", enabled: false, next_runs: [] });
  const kept = await ask(z.object({ runs: z.array(scheduleRunSchema) }), [
    "schedules",
    "show",
    NAME,
    made.id,
  ]);
  expect(kept.runs.map(({ outcome }) => outcome)).toEqual(["succeeded"]);
  await ask(anything, ["schedules", "delete", NAME, made.id]);
  expect(await ask(anything, ["schedules", "list"])).toEqual({ schedules: [] });
});

it("names every wrong field of a schedule", async () => {
  const outcome = await workbench(
    [...["schedules", "create", NAME, "--endpoint", "PUT /sync", "--cron", "* * * * *", "--json"]],
    options,
  );
  expect(outcome.code).toBe(1);
  expect(outcome.json()).toMatchObject({
    error: {
      code: "schedule_invalid",
      details: { field_errors: { endpoint: expect.any(String), cron: expect.any(String) } },
    },
  });
});

it("publishes an event, delivers it with the delivery's id as idempotency key, and redelivers a dead letter", async () => {
  const event = await ask(publishedEventSchema, ["event", "publish", "ticket.created", "--data", '{"id":7}']);
  const delivery = event.deliveries.find(({ handler }) => handler === "sync");
  expect(delivery).toMatchObject({ state: "delivered", attempts: 1 });
  const execution = await ask(shown, ["executions", "show", delivery?.last_execution_id ?? ""]);
  const [user, key, body] = execution.logs[0]?.message.split(/ (.*?) (.*)/s) ?? [];
  expect([user, key]).toEqual(["not-available", delivery?.id]);
  expect(JSON.parse(body ?? "")).toEqual({
    topic: "ticket.created",
    id: event.id,
    published_at: event.published_at,
    data: { id: 7 },
  });

  const { items } = await ask(z.object({ items: z.array(eventDeliverySchema) }), ["event", "dead-letters"]);
  expect(items).toMatchObject([{ event_id: event.id, handler: "nobody", state: "dead" }]);
  const again = await ask(eventDeliverySchema, ["event", "redeliver", items[0]?.id ?? ""]);
  expect(again.attempt_log.map(({ code }) => code)).toEqual(["handler_not_found", "handler_not_found"]);
  const page = await ask(z.object({ items: z.array(publishedEventSchema) }), [
    "event",
    "list",
    "--limit",
    "5",
  ]);
  expect(page.items.map(({ topic }) => topic)).toEqual(["ticket.created"]);
});
