import { describe, expect, test } from "vitest";
import { createUsageLedger } from "../../core/quota/index.ts";
import { TENANT } from "../policy/facts.ts";
import { answer, createFixture, errorOf, type GatewayFixture, KEY } from "./fixture.ts";

const PATH = "/api/ext/install-1/";
const rate = (response: Response) =>
  ["limit", "remaining", "reset"].map((name) => response.headers.get(`x-ratelimit-${name}`));

/** The runner answers when told to. */
function held(fixture: GatewayFixture): (() => void)[] {
  const waiting: (() => void)[] = [];
  fixture.execute = () => new Promise((resolve) => waiting.push(() => resolve(answer())));
  return waiting;
}

/** One that passes when the test says so, or never. */
const deadlineOf = (signal = new AbortController().signal) => ({ signal, end: () => {} });

describe("x-ratelimit headers", () => {
  test("count down on every answer, refusals and failures too, and say when the bucket is full", async () => {
    const fixture = createFixture();
    expect(rate(await fixture.call("GET", PATH))).toEqual(["3", "2", "1"]);
    fixture.execute = async () => {
      throw new Error("gone");
    };
    const failed = await fixture.call("GET", PATH);
    expect([failed.status, ...rate(failed)]).toEqual([502, "3", "1", "2"]);
    await fixture.call("GET", PATH);
    const refused = await fixture.call("GET", PATH);
    expect([refused.status, ...rate(refused)]).toEqual([429, "3", "0", "3"]);
    expect(refused.headers.get("retry-after")).toBe("1");
    fixture.now = new Date(fixture.now.getTime() + 400);
    const sooner = await fixture.call("GET", PATH);
    expect([sooner.headers.get("retry-after"), ...rate(sooner)]).toEqual(["1", "3", "0", "3"]);
  });

  test("are on no answer that was refused before the rate was asked", async () => {
    const fixture = createFixture();
    for (const response of [
      await fixture.call("GET", "/api/ext/nothing/"),
      await fixture.call("GET", PATH, { headers: { authorization: "Bearer wrong" } }),
    ]) {
      expect(rate(response)).toEqual([null, null, null]);
    }
  });

  test("a clock that jumps changes no bucket: rates are measured on another one", async () => {
    let ticks = 0;
    const fixture = createFixture({ ports: { ticks: () => ticks } });
    for (let call = 0; call < 3; call += 1) await fixture.call("GET", PATH);
    for (const time of ["2026-03-01T13:00:00Z", "2026-02-01T13:00:00Z"]) {
      fixture.now = new Date(time);
      expect((await fixture.call("GET", PATH)).status).toBe(429);
    }
    ticks = 1_000;
    expect((await fixture.call("GET", PATH)).status).toBe(200);
  });
});

describe("the queue for slots", () => {
  test("lets a short wait end in an answer, and the trace says that it waited", async () => {
    const fixture = createFixture({
      install: { limits: { queue_wait_ms: 1_000, concurrency: 1 } },
      ports: { deadline: () => deadlineOf() },
    });
    const waiting = held(fixture);
    const first = fixture.call("GET", PATH);
    const second = fixture.call("GET", PATH);
    await expect.poll(() => waiting.length).toBe(1);
    fixture.now = new Date(fixture.now.getTime() + 250);
    waiting[0]?.();
    await expect.poll(() => waiting.length).toBe(2);
    waiting[1]?.();
    expect([(await first).status, (await second).status]).toEqual([200, 200]);
    const rung = fixture.executions
      .list({})
      .items.flatMap(({ trace }) => trace)
      .filter(({ detail, rule }) => rule === "concurrency" && detail.includes("queue"));
    expect(rung).toMatchObject([{ detail: "0 of 1 calls are running after 250 ms in the queue." }]);
  });

  test("a wait that ends in vain costs no token", async () => {
    const over = new AbortController();
    const fixture = createFixture({
      install: { limits: { queue_wait_ms: 1_000, concurrency: 1 } },
      ports: { deadline: (ms) => deadlineOf(ms === 1_000 ? over.signal : undefined) },
    });
    const waiting = held(fixture);
    const first = fixture.call("GET", PATH);
    const second = fixture.call("GET", PATH);
    await expect.poll(() => waiting.length).toBe(1);
    over.abort();
    const refused = await second;
    expect(rate(refused)).toEqual(["3", "2", "1"]);
    expect(await errorOf(refused)).toMatchObject({ status: 429, code: "concurrency_exceeded" });
    waiting[0]?.();
    expect(rate(await first)).toEqual(["3", "2", "1"]);
  });

  test("a caller that hangs up while it waits leaves the line, is recorded and not executed", async () => {
    const fixture = createFixture({
      install: { limits: { queue_wait_ms: 1_000, concurrency: 1 } },
      ports: { deadline: () => deadlineOf() },
    });
    const waiting = held(fixture);
    const first = fixture.call("GET", PATH);
    await expect.poll(() => waiting.length).toBe(1);
    const hangUp = new AbortController();
    const second = fixture.gateway.call({
      extension: "install-1",
      method: "GET",
      target: "/",
      headers: [{ name: "x-api-key", value: KEY }],
      hangUp: hangUp.signal,
    });
    const gone = expect(second).rejects.toThrow("gone");
    hangUp.abort(new Error("gone"));
    await gone;
    waiting[0]?.();
    await first;
    expect(fixture.executed).toHaveLength(1);
  });
});

describe("quotas", () => {
  test("of a tenant and of an extension count all their installs together", async () => {
    for (const [scope, id] of [
      ["tenant", TENANT.id],
      ["extension", "registry-1"],
    ] as const) {
      const fixture = createFixture();
      fixture.settings.setShared(scope, id, { invocations_per_minute: 2, rate_per_minute: 600 });
      fixture.ledger.record({
        install: { tenant_id: TENANT.id, registry_id: "registry-1", install_id: "another" },
        at: fixture.now,
        usage: answer().usage,
        failed: false,
        inFlight: 1,
      });
      expect((await fixture.call("GET", PATH)).status).toBe(200);
      const refused = await fixture.call("GET", PATH);
      expect(await errorOf(refused)).toMatchObject({ code: "quota_exceeded" });
      expect(fixture.executions.list({ outcome: "refused" }).items[0]?.trace.at(-1)).toMatchObject({
        source: `${scope}:shared.invocations_per_minute`,
        budgets: expect.arrayContaining([
          { name: "invocations_per_minute", scope, limit: 2, used: 2, remaining: 0 },
        ]),
      });
    }
  });

  test("outlive a restart, and a call that spans two windows belongs to the one in which it began", async () => {
    const fixture = createFixture({ install: { limits: { fuel_per_minute: 1_500 } } });
    fixture.execute = async () => {
      fixture.now = new Date("2026-03-01T12:01:05.000Z");
      return answer();
    };
    fixture.now = new Date("2026-03-01T12:00:55.000Z");
    expect((await fixture.call("GET", PATH)).status).toBe(200);
    fixture.ledger.flush();
    const restarted = createUsageLedger({ database: fixture.database });
    const fuelAt = (time: string) =>
      restarted.window({ scope: "install", id: "install-1" }, "minute", new Date(time)).usage.fuel;
    expect([fuelAt("2026-03-01T12:00:00Z"), fuelAt("2026-03-01T12:01:00Z")]).toEqual([1_234, 0]);
  });

  test("a refusal is counted, and is no invocation", async () => {
    const fixture = createFixture();
    for (let call = 0; call < 5; call += 1) await fixture.call("GET", PATH);
    const { usage } = fixture.ledger.window({ scope: "install", id: "install-1" }, "minute", fixture.now);
    expect(usage).toMatchObject({ invocations: 3, refused: 2 });
  });
});
