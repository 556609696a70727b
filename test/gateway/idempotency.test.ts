import { describe, expect, test } from "vitest";
import { createKeptAnswers, type GatewayPorts } from "../../core/gateway/index.ts";
import { KEPT_ANSWER_MS, type KeyClaim, MAX_KEPT_BODY_BYTES } from "../../core/gateway/kept-answers.ts";
import { systemCaller } from "../../core/policy/index.ts";
import { TENANT } from "../policy/facts.ts";
import { answer, createFixture, errorOf, failure, type GatewayFixture, READER_KEY } from "./fixture.ts";

const PATH = "/api/ext/install-1/orders";

function post(fixture: GatewayFixture, init: RequestInit & { key?: string; path?: string } = {}) {
  const { key = "order-1", path = PATH, method = "POST", ...rest } = init;
  return fixture.call(method, path, {
    body: "one",
    ...rest,
    headers: { "x-idempotency-key": key, "content-type": "text/plain", ...rest.headers },
  });
}

/** Calls that reach the runner wait for `finish`. */
function held(fixture: GatewayFixture) {
  const waiting: ((response: ReturnType<typeof answer>) => void)[] = [];
  fixture.execute = () => new Promise((resolve) => waiting.push(resolve));
  return { waiting, finish: (response = answer()) => waiting.shift()?.(response) };
}

/** Lets everything happen that waits for nothing else: group commits take turns of the event loop. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

describe("the same key and the same request", () => {
  test("answers again what was answered, without a second execution", async () => {
    const fixture = createFixture();
    fixture.execute = async () =>
      answer({
        status: 201,
        headers: [
          { name: "content-type", value: "application/json" },
          { name: "x-ext-order", value: "7" },
          { name: "set-cookie", value: "a=b" },
        ],
      });
    const first = await post(fixture, { headers: { "x-request-id": "r-1" } });
    const second = await post(fixture, { headers: { "x-request-id": "r-2" } });
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(await second.text()).toBe(await first.text());
    expect(second.headers.get("x-ext-order")).toBe("7");
    expect(second.headers.get("content-type")).toBe("application/json");
    expect([first, second].map(({ headers }) => headers.get("idempotent-replayed"))).toEqual([null, "true"]);
    expect(second.headers.get("x-request-id")).toBe("r-2");
    expect(fixture.executed).toHaveLength(1);
  });

  test("costs a token and no quota, and its row names the execution that is repeated", async () => {
    const fixture = createFixture({ install: { limits: { invocations_per_day: 1 } } });
    await post(fixture);
    fixture.now = new Date(fixture.now.getTime() + 1);
    const second = await post(fixture);
    expect(second.headers.get("x-ratelimit-remaining")).toBe("1");
    const [row, executed] = fixture.executions.list().items;
    expect(row).toMatchObject({ outcome: "succeeded", status: 200, usage: { fuel: 0 } });
    expect(row?.trace.at(-2)).toMatchObject({
      rule: "idempotency",
      outcome: "allow",
      detail: expect.stringContaining(executed?.id ?? "none"),
    });
    expect((await post(fixture)).status).toBe(200);
    expect(await errorOf(await post(fixture))).toMatchObject({ status: 429, code: "rate_limited" });
    expect(fixture.executed).toHaveLength(1);
  });

  test("answers what the extension answered, its own failures too", async () => {
    const fixture = createFixture();
    fixture.execute = async () => answer({ status: 503 });
    await post(fixture);
    fixture.execute = async () => answer();
    expect((await post(fixture)).status).toBe(503);
  });

  test("executes again what came to no answer of the extension", async () => {
    const fixture = createFixture();
    fixture.execute = async () => failure({ code: "timeout", message: "late" });
    expect((await post(fixture)).status).toBe(504);
    fixture.execute = async () => answer();
    const second = await post(fixture);
    expect([second.status, second.headers.get("idempotent-replayed")]).toEqual([200, null]);
    expect(fixture.executed).toHaveLength(2);
  });

  test("forgets a key whose call was refused by rate", async () => {
    const fixture = createFixture();
    for (const key of ["a", "b", "c"]) await post(fixture, { key });
    expect((await post(fixture)).status).toBe(429);
    fixture.now = new Date(fixture.now.getTime() + 1_000);
    expect((await post(fixture)).status).toBe(200);
    expect(fixture.executed).toHaveLength(4);
  });

  test("is executed again after a day", async () => {
    const fixture = createFixture();
    await post(fixture);
    fixture.now = new Date(fixture.now.getTime() + KEPT_ANSWER_MS - 1);
    expect((await post(fixture)).headers.get("idempotent-replayed")).toBe("true");
    fixture.now = new Date(fixture.now.getTime() + 1);
    expect((await post(fixture)).headers.get("idempotent-replayed")).toBeNull();
    expect(fixture.executed).toHaveLength(2);
  });

  test("is remembered by the next host of the same home", async () => {
    const fixture = createFixture();
    await post(fixture);
    const next = createFixture({
      ports: {
        keptAnswers: createKeptAnswers({ database: fixture.database, clock: { now: () => fixture.now } }),
      },
    });
    expect((await post(next)).headers.get("idempotent-replayed")).toBe("true");
    expect(next.executed).toEqual([]);
  });

  test.each([
    ["a read", { method: "GET", body: null }],
    ["another method that is no write", { method: "HEAD", body: null }],
  ])("of %s means nothing", async (_, init) => {
    const fixture = createFixture();
    await post(fixture, init);
    expect((await post(fixture, init)).headers.get("idempotent-replayed")).toBeNull();
  });

  test("of the workbench's own calls is executed each time: they keep a record of their attempts", async () => {
    const fixture = createFixture();
    const call = () =>
      fixture.gateway.call({
        extension: "install-1",
        method: "POST",
        target: "/hook",
        headers: [{ name: "x-idempotency-key", value: "delivery-1" }],
        caller: systemCaller(TENANT, "events"),
      });
    await call();
    await call();
    expect(fixture.executed).toHaveLength(2);
  });
});

describe("the same key and another request", () => {
  test.each([
    ["body", { body: "two" }],
    ["content type", { headers: { "content-type": "application/json" } }],
    ["path", { path: `${PATH}/more` }],
    ["query", { path: `${PATH}?a=1` }],
    ["method", { method: "PUT" }],
  ])("of another %s is refused with 409", async (_, init) => {
    const fixture = createFixture();
    await post(fixture);
    fixture.now = new Date(fixture.now.getTime() + 1);
    expect(await errorOf(await post(fixture, init))).toEqual({
      status: 409,
      code: "idempotency_conflict",
      message: "The x-idempotency-key was used for another request.",
    });
    expect(fixture.executed).toHaveLength(1);
    expect(fixture.executions.list().items[0]).toMatchObject({
      outcome: "refused",
      code: "idempotency_conflict",
    });
  });

  test("spelled otherwise is the same request", async () => {
    const fixture = createFixture();
    await post(fixture, { path: "/api/ext/install-1/%6frders" });
    const second = await post(fixture, {
      path: "/api/ext/com.acme.hello/orders",
      headers: { accept: "a/b" },
    });
    expect(second.headers.get("idempotent-replayed")).toBe("true");
  });

  test("of another caller is that caller's own", async () => {
    const fixture = createFixture();
    await post(fixture);
    const other = await post(fixture, { headers: { authorization: `Bearer ${READER_KEY}` } });
    // The reader may not write: what another has written is not told before that is asked.
    expect(await errorOf(other)).toMatchObject({ code: "forbidden" });
  });
});

describe("a duplicate of a call that is under way", () => {
  test("waits, and gets its answer", async () => {
    const fixture = createFixture();
    const { finish } = held(fixture);
    const calls = [post(fixture), post(fixture)];
    await settle();
    expect(fixture.executed).toHaveLength(1);
    finish();
    const answers = await Promise.all(calls);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(answers.map(({ headers }) => headers.get("idempotent-replayed"))).toEqual([null, "true"]);
    expect(fixture.executed).toHaveLength(1);
  });

  test("is executed itself when the first came to no answer", async () => {
    const fixture = createFixture();
    const { waiting, finish } = held(fixture);
    const calls = [post(fixture), post(fixture)];
    await settle();
    finish(failure({ code: "bad_handler", message: "no" }));
    await settle();
    expect(waiting).toHaveLength(1);
    finish();
    expect((await Promise.all(calls)).map(({ status }) => status)).toEqual([502, 200]);
  });

  test("that waits as long as a call may take is refused with 409 and may come again", async () => {
    const deadlines: { ms: number; controller: AbortController }[] = [];
    const deadline: GatewayPorts["deadline"] = (ms) => {
      const controller = new AbortController();
      deadlines.push({ ms, controller });
      return { signal: controller.signal, end: () => {} };
    };
    const fixture = createFixture({ ports: { deadline } });
    const { finish } = held(fixture);
    const first = post(fixture);
    await settle();
    const second = post(fixture);
    await settle();
    const own = deadlines.at(-1);
    expect(own?.ms).toBe(5_000);
    own?.controller.abort();
    const refused = await second;
    expect(refused.headers.get("retry-after")).toBe("1");
    expect(await errorOf(refused)).toMatchObject({ status: 409, code: "idempotency_in_progress" });
    finish();
    expect((await first).status).toBe(200);
    expect((await post(fixture)).headers.get("idempotent-replayed")).toBe("true");
  });

  test("whose caller goes is given up, and the first goes on", async () => {
    const fixture = createFixture();
    const { finish } = held(fixture);
    const headers = [
      { name: "authorization", value: "Bearer key-of-ada" },
      { name: "x-idempotency-key", value: "order-1" },
    ];
    const call = { extension: "install-1", method: "POST", target: "/", headers };
    const first = fixture.gateway.call(call);
    await settle();
    const controller = new AbortController();
    const second = fixture.gateway.call({ ...call, hangUp: controller.signal });
    await settle();
    controller.abort(new Error("gone"));
    await expect(second).rejects.toThrow("gone");
    finish();
    expect((await first).status).toBe(200);
  });

  test("from inside the execution itself is refused at once: it would wait for what waits for it", async () => {
    const fixture = createFixture();
    const call = {
      extension: "install-1",
      method: "POST",
      target: "/",
      headers: [
        { name: "authorization", value: "Bearer key-of-ada" },
        { name: "x-idempotency-key", value: "order-1" },
      ],
    };
    let inner: number | undefined;
    fixture.execute = async () => {
      inner = (await fixture.gateway.call({ ...call, depth: 1 })).status;
      return answer();
    };
    expect((await fixture.gateway.call(call)).status).toBe(200);
    expect(inner).toBe(409);
  });

  test("beyond as many as may queue is refused, so that their bodies hold so much memory and no more", async () => {
    const fixture = createFixture();
    const { finish } = held(fixture);
    const calls = [post(fixture)];
    await settle();
    for (let more = 0; more < 4; more += 1) calls.push(post(fixture));
    await settle();
    expect(await errorOf(await post(fixture))).toMatchObject({ code: "idempotency_in_progress" });
    finish();
    await Promise.all(calls);
    expect(fixture.executed).toHaveLength(1);
  });

  test("of another host over the same home is refused until that one ends or is believed dead", async () => {
    const fixture = createFixture();
    held(fixture);
    void post(fixture);
    await settle();
    const keptAnswers = createKeptAnswers({ database: fixture.database, clock: { now: () => other.now } });
    const other = createFixture({ ports: { keptAnswers } });
    expect(await errorOf(await post(other))).toMatchObject({ status: 409, code: "idempotency_in_progress" });
    other.now = new Date(other.now.getTime() + 10 * 60_000);
    expect((await post(other)).status).toBe(200);
  });
});

describe("the answers kept", () => {
  const claim = (key: number, request = 1): KeyClaim => ({
    keyDigest: Buffer.from(`key-${key}`),
    requestDigest: Buffer.from(`request-${request}`),
    installId: "install-1",
    executionId: `execution-${key}`,
    leaseMs: 1_000,
  });

  test("an answer too large to keep is remembered, so that it is not executed again", () => {
    const { database, now } = createFixture();
    const kept = createKeptAnswers({ database, clock: { now: () => now } });
    kept.claim(claim(1));
    kept.keep(claim(1), { status: 200, headers: [], body: new Uint8Array(MAX_KEPT_BODY_BYTES + 1) });
    expect(kept.claim({ ...claim(1), executionId: "later" })).toEqual({
      state: "not_kept",
      executionId: "execution-1",
    });
  });

  test("of one install take so much room and no more; the oldest give way", () => {
    const fixture = createFixture();
    const clock = { now: () => fixture.now };
    const kept = createKeptAnswers({ database: fixture.database, clock });
    const body = new Uint8Array(MAX_KEPT_BODY_BYTES);
    for (let key = 0; key < 80; key += 1) {
      fixture.now = new Date(fixture.now.getTime() + 1);
      kept.claim(claim(key));
      kept.keep(claim(key), { status: 200, headers: [], body });
    }
    const { bytes } = fixture.database
      .prepare<[], { bytes: number }>("SELECT SUM(body_bytes) AS bytes FROM extension_idempotency")
      .get() ?? { bytes: 0 };
    expect(bytes).toBeLessThanOrEqual(72 * MAX_KEPT_BODY_BYTES);
    expect(kept.claim({ ...claim(0), executionId: "later" })).toMatchObject({ state: "not_kept" });
    expect(kept.claim({ ...claim(79), executionId: "later" })).toMatchObject({ state: "answered" });
  });

  test("what a dead host began is taken over after its lease, and its late end changes nothing", () => {
    const fixture = createFixture();
    const kept = createKeptAnswers({ database: fixture.database, clock: { now: () => fixture.now } });
    kept.claim(claim(1));
    const taker = { ...claim(1), executionId: "taker" };
    expect(kept.claim(taker)).toEqual({ state: "running" });
    fixture.now = new Date(fixture.now.getTime() + 1_000);
    expect(kept.claim(taker)).toEqual({ state: "new" });
    kept.keep(claim(1), { status: 200, headers: [], body: new Uint8Array() });
    kept.release(claim(1));
    expect(kept.claim({ ...claim(1), executionId: "third" })).toEqual({ state: "running" });
  });

  test("neither the key nor the request can be read from the database", async () => {
    const fixture = createFixture();
    await post(fixture, { key: "key-that-tells", body: "a-body-that-tells" });
    const rows = JSON.stringify(
      fixture.database.prepare("SELECT * FROM extension_idempotency").all(),
      (_, value: unknown) =>
        value instanceof Uint8Array || (typeof value === "object" && value !== null && "data" in value)
          ? Buffer.from(value as Uint8Array).toString("latin1")
          : value,
    );
    expect(rows).not.toMatch(/that-tells/);
  });

  test("an answer that cannot be kept is told all the same, and nothing is executed twice", async () => {
    const fixture = createFixture();
    const kept = createKeptAnswers({ database: fixture.database, clock: { now: () => fixture.now } });
    const full = {
      ...kept,
      keep: () => {
        throw new Error("disk full");
      },
    };
    const other = createFixture({ ports: { keptAnswers: full } });
    expect((await post(other)).status).toBe(200);
    expect(await errorOf(await post(other))).toMatchObject({ status: 409, code: "idempotency_in_progress" });
    expect(other.logged.join()).toContain("an answer could not be kept");
  });
});
