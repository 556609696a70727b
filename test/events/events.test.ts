import { describe, expect, test } from "vitest";
import { MAX_DELIVERY_ATTEMPTS, MAX_EVENT_DATA_BYTES } from "../../core/contract/event.ts";
import { createEvents } from "../../core/events/index.ts";
import type { SystemAnswer, SystemCall } from "../../core/platform/system-call.ts";
import { manifest } from "../policy/facts.ts";
import { type AutomationHome, createHome, held, portsOf } from "../scheduler/fixture.ts";

const MINUTE = 60_000;
const ORDER = { tenantId: "tenant-1", topic: "ticket.created", data: '{"id":7}' };

interface Subscription {
  install_id: string;
  handler: string;
}

function openEvents(
  home: AutomationHome,
  subscribers: readonly Subscription[] = [{ install_id: "install-1", handler: "sync" }],
) {
  const { database, ports } = portsOf(home);
  const events = createEvents({
    ...ports,
    random: () => 0,
    installs: {
      ...ports.installs,
      subscribers: (tenantId, topic) =>
        tenantId === ORDER.tenantId && topic === ORDER.topic && home.installed.enabled ? subscribers : [],
    },
  });
  return {
    events,
    async close() {
      await events.stop();
      database.close();
    },
  };
}

function started(home: AutomationHome) {
  const host = openEvents(home);
  host.events.start();
  return host;
}

const failing = async (): Promise<SystemAnswer> => ({ status: 503, execution_id: "execution-9" });

describe("an event", () => {
  test("is posted to the subscribed handler's endpoint as topic, id, time and data", async () => {
    const home = createHome();
    const { events } = started(home);
    const published = events.publish(ORDER);
    await events.settled();
    expect(home.calls).toHaveLength(1);
    const [call] = home.calls;
    expect(call).toMatchObject({ caller: "events", method: "POST", path: "/sync" });
    expect(JSON.parse(call?.body ?? "")).toEqual({
      topic: "ticket.created",
      id: published.id,
      published_at: "2026-03-01T12:00:00.000Z",
      data: { id: 7 },
    });
    const { deliveries } = events.get(published.id);
    expect(call?.idempotencyKey).toBe(deliveries[0]?.id);
    expect(deliveries).toMatchObject([
      {
        state: "delivered",
        attempts: 1,
        extension_name: "com.acme.hello",
        last_execution_id: "execution-1",
        attempt_log: [{ attempt: 1, status: 200, execution_id: "execution-1" }],
      },
    ]);
  });

  test("that nobody subscribes to is kept and delivered to nobody", async () => {
    const home = createHome();
    const { events } = started(home);
    expect(events.publish({ ...ORDER, topic: "other" }).deliveries).toEqual([]);
    expect(
      events.publish({ ...ORDER, tenantId: "tenant-1", topic: " ticket.created " }).deliveries,
    ).toHaveLength(1);
  });

  test.each([
    [{ topic: "" }],
    [{ topic: "a\nb" }],
    [{ topic: "t".repeat(257) }],
    [{ data: "{" }],
    [{ data: JSON.stringify("x".repeat(MAX_EVENT_DATA_BYTES)) }],
  ])("with %j is refused", (change) => {
    const { events } = openEvents(createHome());
    expect(() => events.publish({ ...ORDER, ...change })).toThrow(
      expect.objectContaining({ code: "event_invalid" }),
    );
  });

  test.each([
    ["sync", "/sync"],
    ["/sync", "/sync"],
    ["POST /sync", "/sync"],
    ["report", undefined],
    ["item", undefined],
    ["nowhere", undefined],
  ])("for the handler %j goes to %s", async (handler, path) => {
    const home = createHome();
    const { events } = openEvents(home, [{ install_id: "install-1", handler }]);
    const { deliveries } = await events.deliverNow(events.publish(ORDER).id);
    expect(home.calls[0]?.path).toBe(path);
    if (path === undefined) {
      expect(deliveries).toMatchObject([
        { state: "dead", attempts: 1, attempt_log: [{ code: "handler_not_found" }] },
      ]);
    }
  });

  test("goes to the path of that name where the extension lists no endpoints", async () => {
    const home = createHome();
    home.installed = { ...home.installed, manifest: manifest() };
    const { events } = openEvents(home, [{ install_id: "install-1", handler: "on-ticket" }]);
    await events.deliverNow(events.publish(ORDER).id);
    expect(home.calls[0]?.path).toBe("/on-ticket");
  });
});

describe("a delivery that fails", () => {
  test("is tried again, three times as much later each time, and then is a dead letter", async () => {
    const home = createHome();
    home.answer = failing;
    const { events } = started(home);
    const { id } = events.publish(ORDER);
    for (let minute = 0; minute < 10; minute += 1) {
      await events.settled();
      home.time.advance(MINUTE);
    }
    await events.settled();
    expect(home.calls).toHaveLength(MAX_DELIVERY_ATTEMPTS);
    expect(new Set(home.calls.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(1);
    expect(events.get(id).deliveries).toMatchObject([
      { state: "dead", attempts: MAX_DELIVERY_ATTEMPTS, last_error: "The handler answered 503." },
    ]);
    expect(events.deadLetters("tenant-1")).toMatchObject([{ event_id: id, topic: "ticket.created" }]);
    expect(events.deadLetters("tenant-2")).toEqual([]);
  });

  test("waits 2, 6, 18, 54 and 162 seconds, less up to a half by chance", async () => {
    const { retryDelayMs } = await import("../../core/events/backoff.ts");
    expect([1, 2, 3, 4, 5].map((attempt) => retryDelayMs(attempt, 0) / 1_000)).toEqual([2, 6, 18, 54, 162]);
    expect([1, 2, 3].map((attempt) => retryDelayMs(attempt, 1) / 1_000)).toEqual([1, 3, 9]);
  });

  test("is a dead letter at once when no other attempt could end better", async () => {
    const home = createHome();
    home.answer = async () => ({ status: 404, error: { code: "endpoint_not_found", message: "No such." } });
    const { events } = openEvents(home);
    const { deliveries } = await events.deliverNow(events.publish(ORDER).id);
    expect(deliveries).toMatchObject([{ state: "dead", attempts: 1, last_error: "No such." }]);
  });

  test("is redelivered from the dead letters with all its attempts again", async () => {
    const home = createHome();
    home.answer = async () => ({ status: 403, error: { code: "forbidden", message: "No." } });
    const { events } = started(home);
    const { id } = events.publish(ORDER);
    await events.settled();
    const [dead] = events.deadLetters();
    if (dead === undefined) throw new Error("expected a dead letter");
    expect(() => events.redeliver(dead.id, "tenant-2")).toThrow(
      expect.objectContaining({ code: "delivery_not_found" }),
    );
    home.answer = async () => ({ status: 204 });
    events.redeliver(dead.id, "tenant-1");
    await events.settled();
    expect(events.get(id).deliveries).toMatchObject([
      { state: "delivered", attempts: 1, attempt_log: [{ code: "forbidden" }, { status: 204 }] },
    ]);
    expect(events.deadLetters()).toEqual([]);
    expect(() => events.redeliver(dead.id)).toThrow(expect.objectContaining({ code: "delivery_not_dead" }));
  });
});

describe("deliveries outlive their host", () => {
  test("one that was not made yet is made by the next host", async () => {
    const home = createHome();
    const before = openEvents(home);
    const { id } = before.events.publish(ORDER);
    await before.close();
    const { events } = started(home);
    await events.settled();
    expect(events.get(id).deliveries[0]?.state).toBe("delivered");
  });

  test("one that was given up by a host that stops does not lose an attempt", async () => {
    const home = createHome();
    home.answer = ({ signal }: SystemCall) =>
      new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    const before = started(home);
    const { id } = before.events.publish(ORDER);
    await before.close();
    home.answer = async () => ({ status: 200 });
    const { events } = started(home);
    await events.settled();
    expect(events.get(id).deliveries).toMatchObject([
      { state: "delivered", attempts: 1, attempt_log: [{ code: "interrupted" }, { status: 200 }] },
    ]);
  });

  test("one whose host was killed is made again when its lease is over, under the same key", async () => {
    const home = createHome();
    home.answer = () => new Promise(() => {});
    const killed = portsOf(home);
    const dead = createEvents({
      ...killed.ports,
      random: () => 0,
      installs: {
        ...killed.ports.installs,
        subscribers: () => [{ install_id: "install-1", handler: "sync" }],
      },
    });
    dead.start();
    const { id } = dead.publish(ORDER);
    killed.database.close();
    home.answer = async () => ({ status: 200 });
    const { events } = started(home);
    expect(events.get(id).deliveries[0]?.state).toBe("delivering");
    home.time.advance(2 * MINUTE);
    await events.settled();
    expect(events.get(id).deliveries).toMatchObject([
      { state: "delivered", attempts: 2, attempt_log: [{ code: "interrupted" }, { status: 200 }] },
    ]);
    expect(new Set(home.calls.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(1);
  });

  test("a long attempt keeps its lease, and no second host takes it", async () => {
    const home = createHome();
    const slow = held();
    home.answer = slow.answer;
    const first = started(home);
    const second = started(home);
    const { id } = first.events.publish(ORDER);
    home.time.advance(5 * MINUTE);
    expect(home.calls).toHaveLength(1);
    slow.release({ status: 200 });
    await Promise.all([first.events.settled(), second.events.settled()]);
    expect(second.events.get(id).deliveries).toMatchObject([{ state: "delivered", attempts: 1 }]);
  });

  test("a disabled install's delivery waits and spends no attempt", async () => {
    const home = createHome();
    home.answer = failing;
    const { events } = started(home);
    const { id } = events.publish(ORDER);
    await events.settled();
    home.installed = { ...home.installed, enabled: false };
    home.time.advance(10 * MINUTE);
    expect(home.calls).toHaveLength(1);
    expect(events.publish(ORDER).deliveries).toEqual([]);
    home.installed = { ...home.installed, enabled: true };
    home.answer = async () => ({ status: 200 });
    home.time.advance(MINUTE);
    await events.settled();
    expect(events.get(id).deliveries).toMatchObject([{ state: "delivered", attempts: 2 }]);
  });
});

test("events are listed newest first, by topic and in pages", () => {
  const { events } = openEvents(createHome());
  const ids = Array.from({ length: 5 }, () => events.publish(ORDER).id).reverse();
  events.publish({ ...ORDER, topic: "other" });
  const first = events.list({ topic: ORDER.topic, limit: 2 });
  expect(first.items.map(({ id }) => id)).toEqual(ids.slice(0, 2));
  const second = events.list({ topic: ORDER.topic, limit: 3, cursor: first.next });
  expect(second.items.map(({ id }) => id)).toEqual(ids.slice(2));
  expect(second.next).toBeUndefined();
  expect(events.list({ tenant_id: "tenant-2", limit: 10 }).items).toEqual([]);
});

test("what has arrived is forgotten after a month; dead letters wait for a person", async () => {
  const home = createHome();
  const { events } = openEvents(home);
  const arrived = events.publish(ORDER);
  await events.deliverNow(arrived.id);
  home.answer = async () => ({ status: 403, error: { code: "forbidden", message: "No." } });
  const dead = events.publish(ORDER);
  await events.deliverNow(dead.id);
  home.time.jumpTo("2026-04-02T12:00:00.000Z");
  const latest = events.publish(ORDER);
  expect(events.list({ limit: 10 }).items.map(({ id }) => id)).toEqual([latest.id, dead.id]);
});
