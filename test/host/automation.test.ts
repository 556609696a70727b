import { expect, test } from "vitest";
import { packArchive } from "../../core/bundle/index.ts";
import { createWindowAutomation } from "../../core/window/automation.ts";
import { createTestTime } from "../support/timers.ts";
import { openWindowWorkbench, type WindowWorkbench } from "./window-workbench.ts";

async function withInstall(): Promise<
  WindowWorkbench & { target: { tenant_id: string; install_id: string } }
> {
  const window = await openWindowWorkbench();
  const { workbench, tenantId } = window;
  const key = await workbench.keystore.generate({ algorithm: "ecdsa-p256", subject: "CN=Acme" });
  workbench.trust.add({ pem: workbench.keystore.exportCertificate(key.id), tenants: null });
  const manifest = {
    name: "com.acme.tickets",
    publisher: "Acme",
    version: "1.0.0",
    runtime: "wasm-js@1",
    ui: { type: "iframe", entry: "ui/index.html" },
    api: { endpoints: [{ method: "POST", path: "/sync", handler: "sync" }] },
    events: [{ topic: "ticket.created", handler: "sync" }],
  };
  const archive = await packArchive([
    { path: "manifest.json", bytes: Buffer.from(JSON.stringify(manifest)) },
    { path: "ui/index.html", bytes: Buffer.from("<!doctype html>") },
  ]);
  const { signature } = await workbench.sign(archive, key.id);
  const { registry_id } = await workbench.registry.publish({ archive, signature, tenantId });
  const { install_id } = await workbench.registry.install({ ref: registry_id, tenantId });
  return { ...window, target: { tenant_id: tenantId, install_id } };
}

test("the window makes, lists and deletes schedules, and a broken rule is an answer with the faults by field", async () => {
  const { call, target } = await withInstall();
  const fields = { endpoint: "POST /sync", cron: "0 9 * * *" };
  const made = await call("schedules.create", { ...target, fields });
  if (made.outcome !== "saved") throw new Error("expected it to be saved");
  const { id } = made.schedule;
  expect((await call("schedules.list", { tenant_id: target.tenant_id })).schedules).toEqual([made.schedule]);
  expect((await call("schedules.list", { tenant_id: "another" })).schedules).toEqual([]);
  expect(
    await call("schedules.update", { ...target, schedule_id: id, fields: { cron: "*", payload: "{" } }),
  ).toEqual({ outcome: "invalid", field_errors: { cron: expect.any(String), payload: "expected JSON" } });
  expect(await call("schedules.endpoints", target)).toMatchObject({ endpoints: [{ id: "POST /sync" }] });
  await call("schedules.delete", { ...target, schedule_id: id });
  expect((await call("schedules.list", {})).schedules).toEqual([]);
});

test("the window cannot reach a schedule through another install", async () => {
  const { refusal, target } = await withInstall();
  const { code } = await refusal("schedules.runs", { ...target, schedule_id: "not-there" });
  expect(code).toBe("schedule_not_found");
  const other = await refusal("schedules.runs", { ...target, install_id: "other", schedule_id: "s" });
  expect(other.code).toBe("not_installed");
});

test("the window publishes events and reads them back with their data", async () => {
  const { call, target, refusal } = await withInstall();
  const order = { tenant_id: target.tenant_id, topic: "ticket.created", data: '{"id":7}' };
  const event = await call("events.publish", order);
  expect(event.deliveries).toMatchObject([{ extension_name: "com.acme.tickets", state: "pending" }]);
  expect(await call("events.get", { id: event.id })).toMatchObject({ data: '{"id":7}' });
  expect((await call("events.list", {})).items.map(({ id }) => id)).toEqual([event.id]);
  expect(await call("events.dead_letters", {})).toEqual({ items: [] });
  expect((await refusal("events.publish", { ...order, data: "{" })).code).toBe("event_invalid");
  const delivery_id = event.deliveries[0]?.id ?? "";
  expect((await refusal("events.redeliver", { tenant_id: target.tenant_id, delivery_id })).code).toBe(
    "delivery_not_dead",
  );
});

test("an uninstalled extension takes its schedules and deliveries along", async () => {
  const { call, target } = await withInstall();
  await call("schedules.create", { ...target, fields: { endpoint: "POST /sync", cron: "0 9 * * *" } });
  await call("events.publish", { tenant_id: target.tenant_id, topic: "ticket.created", data: "1" });
  await call("registry.uninstall", { tenant_id: target.tenant_id, ref: target.install_id });
  expect((await call("schedules.list", {})).schedules).toEqual([]);
  expect((await call("events.list", {})).items).toMatchObject([{ deliveries: [] }]);
});

test("the window hears of a change at once, and of none that was not", async () => {
  const { workbench, call, target } = await withInstall();
  const time = createTestTime("2026-03-01T12:00:00.000Z");
  const stopped = new AbortController();
  const heard: string[] = [];
  const changes = createWindowAutomation(workbench, time.timers).changes(stopped.signal);
  const reader = (async () => {
    for await (const events of changes) heard.push(...events.map(({ revision }) => revision));
  })();
  await Promise.resolve();
  time.advance(60_000);
  await call("schedules.create", { ...target, fields: { endpoint: "POST /sync", cron: "0 9 * * *" } });
  await expect.poll(() => heard.length).toBe(2);
  stopped.abort();
  await reader;
  expect(new Set(heard).size).toBe(2);
});
