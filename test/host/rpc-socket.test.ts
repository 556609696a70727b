import { on, once } from "node:events";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { describe, expect, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";
import { CLOSE_UNAUTHENTICATED, MAX_MESSAGE_BYTES } from "../../core/contract/rpc-socket.ts";
import { openRpcSocket } from "../support/rpc-socket.ts";
import { createHostFixture, KEY, line, TOKEN } from "./fixture.ts";

type Overrides = Parameters<typeof createHostFixture>[0];

async function listening(overrides: Overrides = {}) {
  const fixture = createHostFixture(overrides);
  const { port, url } = await fixture.host.listen(0);
  const address = `ws://127.0.0.1:${port}/rpc?connectionParams=1`;
  /** A socket as a page has it, after its first message. */
  const open = async (token: unknown = TOKEN): Promise<WebSocket> => {
    const socket = new WebSocket(address, { origin: url });
    onTestFinished(() => socket.terminate());
    await once(socket, "open");
    socket.send(JSON.stringify({ method: "connectionParams", data: { token } }));
    return socket;
  };
  return Object.assign(fixture, { port, url, address, open });
}

/** What the host answers on the socket from now on. */
function answersOf(socket: WebSocket): AsyncGenerator<{ id?: unknown }> {
  const messages = on(socket, "message");
  return (async function* () {
    for await (const [data] of messages) {
      if (String(data) !== "PING") yield Object(JSON.parse(String(data)));
    }
  })();
}

const call = (id: number, path: string, input: unknown = {}) =>
  JSON.stringify({ id, method: "mutation", params: { path, input: { call: id, input } } });

async function handshake(port: number, headers: Record<string, string>, target = "/rpc"): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  const all = {
    Connection: "Upgrade",
    Upgrade: "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  socket.write([`GET ${target} HTTP/1.1`, ...lines, "", ""].join("\r\n"));
  const [first] = await once(socket, "data");
  if (String(first).startsWith("HTTP/1.1 101")) {
    socket.destroy();
    return "101";
  }
  return String(first) + (await text(socket));
}

describe("the socket of the pages", () => {
  test.each([
    [
      "its own address",
      101,
      (port: number) => ({ Host: `127.0.0.1:${port}`, Origin: `http://127.0.0.1:${port}` }),
    ],
    [
      "its own name",
      101,
      (port: number) => ({ Host: `localhost:${port}`, Origin: `http://localhost:${port}` }),
    ],
    ["what is no browser", 101, (port: number) => ({ Host: `127.0.0.1:${port}` })],
    [
      "a page of the internet",
      403,
      (port: number) => ({ Host: `127.0.0.1:${port}`, Origin: "https://evil.example" }),
    ],
    [
      "another server of this machine",
      403,
      (port: number) => ({ Host: `127.0.0.1:${port}`, Origin: "http://127.0.0.1:1" }),
    ],
    [
      "an extension's frame",
      403,
      (port: number) => ({ Host: `127.0.0.1:${port}`, Origin: `http://hello.localhost:${port}` }),
    ],
    ["a sandboxed frame", 403, (port: number) => ({ Host: `127.0.0.1:${port}`, Origin: "null" })],
    [
      "another scheme",
      403,
      (port: number) => ({ Host: `127.0.0.1:${port}`, Origin: `https://127.0.0.1:${port}` }),
    ],
    ["a rebound name", 421, () => ({ Host: "rebound.example", Origin: "http://rebound.example" })],
    [
      "a rebound name with the port",
      421,
      (port: number) => ({ Host: `a.b:${port}`, Origin: `http://a.b:${port}` }),
    ],
  ])("answers %s with %i", async (_, status, headers) => {
    const { port } = await listening();
    expect(await handshake(port, headers(port))).toMatch(new RegExp(`^(HTTP/1.1 )?${status}`));
  });

  test("is at its own path alone, and an absolute request line reaches nothing", async () => {
    const { port } = await listening();
    const headers = { Host: `127.0.0.1:${port}` };
    const reply = await handshake(port, headers, "/elsewhere");
    expect(reply).toMatch(/^HTTP\/1\.1 404 /);
    expect(JSON.parse(reply.slice(reply.indexOf("{")))).toMatchObject({ error: { code: "not_found" } });
    expect(await handshake(port, headers, `http://127.0.0.1:${port}/rpc`)).toMatch(/^HTTP\/1\.1 421 /);
  });

  test("answers a request that offers another protocol in this one", async () => {
    const { port } = await listening();
    const reply = handshake(
      port,
      { Host: `127.0.0.1:${port}`, Upgrade: "h2c", Connection: "Upgrade, close" },
      "/",
    );
    expect(await reply).toMatch(/^HTTP\/1\.1 200 /);
  });

  test.each(["", "wrong", KEY, `${TOKEN}x`])("is not opened by the token %j", async (token) => {
    const { open, executed, logged } = await listening();
    const socket = await open(token);
    socket.send(call(1, "invoke", { install: "install-1", method: "GET", path: "/" }));
    const [code] = await once(socket, "close");
    expect(code).toBe(CLOSE_UNAUTHENTICATED);
    expect([executed, logged]).toEqual([[], []]);
  });

  test.each([null, 7, { a: 1 }])("is not opened by %j in the place of a token", async (token) => {
    const { open, executed } = await listening();
    const socket = await open(token);
    socket.send(call(1, "invoke", { install: "install-1", method: "GET", path: "/" }));
    await once(socket, "close");
    expect(executed).toEqual([]);
  });

  test("is not opened by a token in the address or in a cookie", async () => {
    const { port, url } = await listening();
    const socket = new WebSocket(`ws://127.0.0.1:${port}/rpc?token=${TOKEN}`, {
      origin: url,
      headers: { cookie: `token=${TOKEN}`, authorization: `Bearer ${TOKEN}` },
    });
    const [code] = await once(socket, "close");
    expect(code).toBe(CLOSE_UNAUTHENTICATED);
  });

  test("takes little before the token", async () => {
    const { address, url } = await listening();
    const socket = new WebSocket(address, { origin: url });
    socket.on("error", () => {});
    await once(socket, "open");
    socket.send("x".repeat(1_000_000));
    await once(socket, "close");
  });

  test("goes on after a message that makes no sense", async () => {
    const { open } = await listening();
    const socket = await open();
    const received = answersOf(socket);
    for (const nonsense of ["{", "null", "[]", "[null]", '{"id":{}}', '{"id":1,"method":"eval"}', "\u0000"]) {
      socket.send(nonsense);
    }
    socket.send(Buffer.from([0xff, 0xfe]));
    socket.send(
      JSON.stringify({ id: 2, method: "mutation", params: { path: "state", input: { call: "x" } } }),
    );
    socket.send(JSON.stringify({ id: 3, method: "mutation", params: { path: "state", input: null } }));
    socket.send(
      JSON.stringify({ id: 4, method: "query", params: { path: "state", input: { call: 1, input: {} } } }),
    );
    socket.send(call(9, "installs.list"));
    const answers: unknown[] = [];
    for await (const answer of received) {
      if (answer.id === 9) break;
      answers.push(answer);
    }
    expect(answers).toContainEqual(
      expect.objectContaining({
        id: 2,
        error: expect.objectContaining({
          data: expect.objectContaining({ error: expect.objectContaining({ code: "malformed_request" }) }),
        }),
      }),
    );
    expect(JSON.stringify(answers)).not.toMatch(/node_modules|\.ts:/);
  });

  test("a message over the cap closes its own socket and nothing else", async () => {
    const { open } = await listening();
    const [big, other] = [await open(), await open()];
    big.on("error", () => {});
    big.send(Buffer.alloc(MAX_MESSAGE_BYTES + 1));
    expect((await once(big, "close"))[0]).toBe(1009);
    const received = answersOf(other);
    other.send(call(1, "installs.list"));
    expect((await received.next()).value).toMatchObject({ id: 1, result: { data: { items: [{}] } } });
  });

  test("a call that is cancelled stops at its handler, and the socket goes on", async () => {
    const fixture = await listening();
    const aborted = Promise.withResolvers<void>();
    const started = Promise.withResolvers<void>();
    fixture.execute = (_, signal) => {
      signal.addEventListener("abort", () => aborted.resolve());
      started.resolve();
      return new Promise(() => {});
    };
    const socket = await fixture.open();
    socket.send(call(7, "invoke", { install: "install-1", method: "GET", path: "/" }));
    await started.promise;
    socket.send(
      JSON.stringify({ id: 8, method: "mutation", params: { path: "rpc.cancel", input: { call: 7 } } }),
    );
    await aborted.promise;
    socket.send(call(9, "installs.list"));
    await expect.poll(() => fixture.executions.list().items).toMatchObject([{ outcome: "interrupted" }]);
    expect(fixture.logged).toEqual([]);
  });

  test("a cancel that comes with its call, or for a call that is over, is taken as it is", async () => {
    const fixture = await listening();
    const aborted = Promise.withResolvers<void>();
    fixture.execute = (_, signal) => {
      if (signal.aborted) aborted.resolve();
      signal.addEventListener("abort", () => aborted.resolve());
      return new Promise(() => {});
    };
    const socket = await fixture.open();
    const received = answersOf(socket);
    const cancel = (number: number) =>
      JSON.stringify({
        id: 100 + number,
        method: "mutation",
        params: { path: "rpc.cancel", input: { call: number } },
      });
    socket.send(
      `[${call(1, "invoke", { install: "install-1", method: "GET", path: "/" })},${cancel(1)},${cancel(55)}]`,
    );
    const ids: unknown[] = [];
    for await (const { id } of received) if (ids.push(id) === 3) break;
    expect(ids.sort()).toEqual([1, 101, 155]);
  });

  test("a page that goes away gives its calls and its subscriptions up", async () => {
    const ended = Promise.withResolvers<void>();
    const fixture = await listening({
      logs: {
        query: () => ({ items: [] }),
        async *tail(_filter, { signal }) {
          yield [{ ...line("a"), id: 1 }];
          await new Promise((resolve) => signal.addEventListener("abort", resolve));
          ended.resolve();
        },
      },
    });
    const aborted = Promise.withResolvers<void>();
    const started = Promise.withResolvers<void>();
    fixture.execute = (_, signal) => {
      signal.addEventListener("abort", () => aborted.resolve());
      started.resolve();
      return new Promise(() => {});
    };
    const socket = await fixture.open();
    const subscribe = { id: 1, method: "subscription", params: { path: "logs.tail", input: { input: {} } } };
    socket.send(JSON.stringify(subscribe));
    socket.send(call(2, "invoke", { install: "install-1", method: "GET", path: "/" }));
    await started.promise;
    socket.terminate();
    await Promise.all([aborted.promise, ended.promise]);
  });

  test("a reader that takes nothing costs a bounded number of pages, and resumes where it was", async () => {
    const lines = Array.from({ length: 500 }, (_, index) => ({ ...line("x".repeat(2_000)), id: index + 1 }));
    let pages = 0;
    const { open } = await listening({
      logs: {
        query: () => ({ items: [] }),
        async *tail(_filter, { signal }) {
          while (!signal.aborted) {
            pages += 1;
            yield lines;
          }
        },
      },
    });
    const socket = await open();
    const subscribe = { id: 1, method: "subscription", params: { path: "logs.tail", input: { input: {} } } };
    socket.send(JSON.stringify(subscribe));
    await once(socket, "message");
    socket.pause();
    // The source stops being asked: two looks in a row see the same count.
    let before = -1;
    await expect
      .poll(
        () => {
          const isStill = before === pages;
          before = pages;
          return isStill;
        },
        { interval: 200, timeout: 20_000 },
      )
      .toBe(true);
    expect(pages).toBeLessThan(40);
    socket.resume();
    const stopped = pages;
    await expect.poll(() => pages).toBeGreaterThan(stopped);
  });

  test("closing lets a running call finish and tells its answer", async () => {
    const fixture = await listening();
    const started = Promise.withResolvers<void>();
    const finish = Promise.withResolvers<void>();
    const { execute } = fixture;
    fixture.execute = async (...given) => {
      started.resolve();
      await finish.promise;
      return execute(...given);
    };
    const page = openRpcSocket(fixture.url, TOKEN);
    const answered = page.rpc("invoke", { install: "install-1", method: "GET", path: "/" });
    await started.promise;
    const closed = fixture.host.close();
    finish.resolve();
    expect((await answered).status).toBe(200);
    await page.close();
    await closed;
  });
});
