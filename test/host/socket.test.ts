import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { request } from "node:http";
import { connect, createServer } from "node:net";
import { text } from "node:stream/consumers";
import { Hono } from "hono";
import { describe, expect, onTestFinished, test } from "vitest";
import { MAX_UPLOADS_PER_TENANT } from "../../core/host/index.ts";
import { listen } from "../../core/host/server.ts";
import { answer, createFixture } from "../gateway/fixture.ts";
import { createHostFixture, eventsOf, KEY, line, TOKEN } from "./fixture.ts";

async function listening() {
  const fixture = createHostFixture();
  const { port, url } = await fixture.host.listen(0);
  /** Sends bytes as they are and reads until the host closes the connection. */
  const raw = async (...lines: string[]): Promise<string> => {
    const socket = connect(port, "127.0.0.1");
    socket.write(`${lines.join("\r\n")}\r\n\r\n`);
    return text(socket);
  };
  return Object.assign(fixture, { port, url, raw });
}

const statusOf = (reply: string) => Number(reply.split(" ")[1]);

describe("a body on a real socket", () => {
  test.each([0, 1, 256, 16 * 1024, 16 * 1024 + 1, 100_000])(
    "of %i bytes comes as it was answered, in any values",
    async (size) => {
      const fixture = createFixture({ tenant: { limits: { response_body_bytes: 200_000 } } });
      const body = Buffer.from(Array.from({ length: size }, (_, index) => (index * 7 + 128) % 256));
      const headers = [{ name: "x-name", value: "caf\u00e9" }];
      fixture.execute = async () => answer({ headers, body_b64: body.toString("base64") });
      const { port, close } = await listen(fixture.gateway.app, 0, (_, socket) => socket.destroy());
      onTestFinished(close);
      const response = await fetch(`http://127.0.0.1:${port}/api/ext/install-1/`, {
        headers: { "x-api-key": KEY },
      });
      expect(response.headers.get("content-length")).toBe(String(size));
      expect(Buffer.from(await response.arrayBuffer()).equals(body)).toBe(true);
    },
  );
});

describe("on a real socket", () => {
  test("the host answers on loopback under its own names only", async () => {
    const { port, raw } = await listening();
    for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, `LOCALHOST:${port}`, `[::1]:${port}`]) {
      expect(statusOf(await raw("GET / HTTP/1.1", `Host: ${host}`, "Connection: close"))).toBe(200);
    }
    for (const host of [
      "rebound.example",
      `rebound.example:${port}`,
      "127.0.0.1",
      `hello.localhost:${port}`,
      "localhost:1",
    ]) {
      expect(statusOf(await raw("GET / HTTP/1.1", `Host: ${host}`, "Connection: close"))).toBe(421);
    }
  });

  test("an absolute request line is refused even when it names the host", async () => {
    const { port, raw } = await listening();
    const target = `http://127.0.0.1:${port}/`;
    expect(statusOf(await raw(`GET ${target} HTTP/1.1`, "Host: rebound.example", "Connection: close"))).toBe(
      421,
    );
    expect(
      statusOf(await raw(`GET ${target} HTTP/1.1`, `Host: 127.0.0.1:${port}`, "Connection: close")),
    ).toBe(421);
  });

  test.each([
    ["/api/ext/install-1/a/../b", "the dot segment below the extension", 400, "malformed_request"],
    ["/api/ext/install-1/%2e%2e/b", "the encoded dot segment", 400, "malformed_request"],
    [
      "/api/ext/nothing/../install-1/b",
      "the way from one extension to another",
      404,
      "extension_not_installed",
    ],
    ["/rpc/../api/ext/install-1/b", "the way from another route", 404, "extension_not_installed"],
    ["/api/ext/install-1//b", "the doubled slash", 400, "malformed_request"],
  ])("%s: %s is judged as it was sent", async (target, _, status, code) => {
    const { port, raw, executed } = await listening();
    const reply = await raw(
      `GET ${target} HTTP/1.1`,
      `Host: 127.0.0.1:${port}`,
      `Authorization: Bearer ${KEY}`,
      "Connection: close",
    );
    expect([statusOf(reply), reply.includes(code)]).toEqual([status, true]);
    expect(executed).toEqual([]);
  });

  test.each([
    ["GET", 200, "hello", ["content-type: text/plain; charset=UTF-8", "content-length: 5"], "hello"],
    ["HEAD", 200, "hello", ["content-type: text/plain; charset=UTF-8", "content-length: 5"], ""],
    ["GET", 204, "", ["x-ext-a: 1"], ""],
  ])(
    "%s of a handler that answers %i says what it is and no more",
    async (method, status, body, has, sent) => {
      const fixture = await listening();
      fixture.execute = async () =>
        answer({
          status,
          headers: ["1", "2"].map((value) => ({ name: "x-ext-a", value })),
          body_b64: Buffer.from(body).toString("base64"),
        });
      const reply = await fixture.raw(
        `${method} /api/ext/install-1/a HTTP/1.1`,
        `Host: 127.0.0.1:${fixture.port}`,
        `Authorization: Bearer ${KEY}`,
        "Connection: close",
      );
      const [head = "", received] = reply.split("\r\n\r\n");
      expect([statusOf(reply), received]).toEqual([status, sent]);
      expect(head.toLowerCase()).toContain("x-ext-a: 1\r\nx-ext-a: 2");
      for (const line of has) expect(head.split("\r\n")).toContain(line);
      expect(head.includes("content-length")).toBe(status !== 204);
    },
  );

  test("conflicting duplicate headers are seen, although a fetch-style API would join them", async () => {
    const { port, raw } = await listening();
    const reply = await raw(
      "GET /api/ext/install-1/ HTTP/1.1",
      `Host: 127.0.0.1:${port}`,
      `Authorization: Bearer ${KEY}`,
      "X-Idempotency-Key: 1",
      "X-Idempotency-Key: 2",
      "Connection: close",
    );
    expect([statusOf(reply), reply.includes("malformed_request")]).toEqual([400, true]);
  });

  test.each([
    ["nonsense", "NONSENSE", 400, "malformed_request"],
    [
      "headers beyond what the parser takes",
      `GET / HTTP/1.1\r\nX: ${"a".repeat(70_000)}`,
      413,
      "request_too_large",
    ],
    ["an expectation that nobody knows", "GET / HTTP/1.1\r\nExpect: a-miracle", 417, "expectation_failed"],
    ["a tunnel", "CONNECT elsewhere.example:443 HTTP/1.1", 405, "method_not_allowed"],
    [
      "a WebSocket that there is not",
      "GET /api/ext/install-1/ HTTP/1.1\r\nConnection: upgrade\r\nUpgrade: websocket",
      404,
      "not_found",
    ],
  ])("%s is answered in the design's form", async (_, sent, status, code) => {
    const { port, raw } = await listening();
    const reply = await raw(sent, `Host: 127.0.0.1:${port}`);
    expect(statusOf(reply)).toBe(status);
    const [, requestId] = /^x-request-id: ([\w-]+)\r$/m.exec(reply) ?? [];
    expect(requestId).toBeDefined();
    expect(JSON.parse(reply.slice(reply.indexOf("{")))).toMatchObject({
      error: { code },
      request_id: requestId,
    });
  });

  test("a tunnel whose caller resets the connection harms nobody", async () => {
    const { port, url } = await listening();
    for (let attempt = 0; attempt < 30; attempt += 1) {
      const socket = connect(port, "127.0.0.1");
      socket.on("error", () => undefined);
      socket.write(`CONNECT a.example:1 HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`);
      await once(socket, "connect");
      socket.resetAndDestroy();
    }
    expect((await fetch(url)).status).toBe(200);
  });

  test("a call that is refused before its body is read keeps the connection for the next", async () => {
    const { port, raw, executed } = await listening();
    const host = `Host: 127.0.0.1:${port}`;
    const body = "x".repeat(300_000);
    const target = "/api/ext/install-1/a HTTP/1.1";
    const reply = await raw(
      `POST ${target}`,
      host,
      `Content-Length: ${body.length}`,
      "",
      `${body}GET ${target}`,
      host,
      `Authorization: Bearer ${KEY}`,
      "Connection: close",
    );
    expect([...reply.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status)).toEqual(["401", "200"]);
    expect(executed).toHaveLength(1);
  });

  test("a chunked body is cut off at the cap while the sender is still sending", async () => {
    const { port, executions } = await listening();
    const sender = request({
      port,
      host: "127.0.0.1",
      method: "POST",
      path: "/api/ext/install-1/",
      headers: { authorization: `Bearer ${KEY}`, "transfer-encoding": "chunked" },
    });
    // The host may close the connection under the sender, which is the point.
    sender.on("error", () => {});
    onTestFinished(() => void sender.destroy());
    sender.write(Buffer.alloc(64));
    sender.write(Buffer.alloc(64));
    // No end: an answer can only come because the host stopped reading.
    const [response] = await once(sender, "response");
    expect([response.statusCode, response.headers.connection]).toEqual([413, "close"]);
    expect(JSON.parse(await text(response))).toMatchObject({ error: { code: "request_too_large" } });
    expect(executions.list().items).toMatchObject([{ outcome: "refused", code: "request_too_large" }]);
  });

  test("a chunked body within the cap arrives whole", async () => {
    const { url, executed } = await listening();
    const body = () =>
      new ReadableStream({
        start: (controller) => {
          for (const part of ["a".repeat(50), "b".repeat(50)])
            controller.enqueue(new TextEncoder().encode(part));
          controller.close();
        },
      });
    // `duplex` is required by fetch for streamed bodies and missing in TypeScript's RequestInit.
    const init = {
      method: "POST",
      body: body(),
      duplex: "half",
      headers: { "x-api-key": KEY },
    } as RequestInit;
    expect((await fetch(`${url}/api/ext/install-1/`, init)).status).toBe(200);
    expect(Buffer.from(executed[0]?.http.body_b64 ?? "", "base64").toString()).toBe(
      "a".repeat(50) + "b".repeat(50),
    );
  });

  test("uploads that never end are few at once, and one that breaks off is no failure of the host", async () => {
    const { port, raw, staging, logged } = await listening();
    const head = [
      `POST /api/ext-bundles/upload-proxy?filename=a&size=100&declaredHash=${"0".repeat(64)} HTTP/1.1`,
      `Host: 127.0.0.1:${port}`,
      `X-Api-Key: ${KEY}`,
      "Content-Type: application/octet-stream",
      "Content-Length: 100",
    ];
    const stalled = Array.from({ length: MAX_UPLOADS_PER_TENANT }, () => {
      const socket = connect(port, "127.0.0.1");
      socket.write(`${head.join("\r\n")}\r\n\r\nbeginning`);
      return socket;
    });
    onTestFinished(() => void stalled.map((socket) => socket.destroy()));
    const files = () => (existsSync(staging) ? readdirSync(staging) : []);
    await expect.poll(() => files().length).toBe(MAX_UPLOADS_PER_TENANT);
    const refused = await raw(...head, "Connection: close", "", "x".repeat(98));
    expect([statusOf(refused), refused.includes("upload_busy")]).toEqual([409, true]);
    for (const socket of stalled) socket.destroy();
    await expect.poll(files).toEqual([]);
    expect(logged.filter((message) => message === "the host failed to answer")).toEqual([]);
  });

  test("closing ends streams, lets a running call finish and frees the port", async () => {
    const fixture = createHostFixture();
    const { url, port } = await fixture.host.listen(0);
    const headers = { authorization: `Bearer ${TOKEN}` };
    const events = eventsOf(await fetch(`${url}/api/ext-debug/stream?types=log`, { headers }));
    fixture.book.append([line("a")]);
    expect((await events.next()).value).toMatchObject({ data: { message: "a" } });

    const started = Promise.withResolvers<void>();
    const finish = Promise.withResolvers<ReturnType<typeof answer>>();
    fixture.execute = () => {
      started.resolve();
      return finish.promise;
    };
    const call = fetch(`${url}/api/ext/install-1/`, { headers: { "x-api-key": KEY } });
    await started.promise;
    const closed = fixture.host.close();
    expect(await events.next()).toEqual({ done: true, value: undefined });
    finish.resolve(answer());
    expect((await call).status).toBe(200);
    await closed;

    const next = createServer().listen(port, "127.0.0.1");
    await once(next, "listening");
    next.close();
  });

  test("a port that is taken is an error of the environment with its number", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    onTestFinished(() => void taken.close());
    const address = taken.address();
    const port = typeof address === "object" ? address?.port : undefined;
    const { host } = createHostFixture();
    await expect(host.listen(port ?? 0)).rejects.toMatchObject({
      code: "port_in_use",
      kind: "environment",
      details: { port },
    });
  });
});

describe("what Node's own parser or clock refuses", () => {
  /** The answer's status, code and whether it names itself by the same id in header and body. */
  function told(reply: string) {
    const body = JSON.parse(reply.slice(reply.indexOf("{"))) as {
      error: { code: string };
      request_id: string;
    };
    return {
      status: statusOf(reply),
      code: body.error.code,
      named:
        body.request_id !== undefined && reply.toLowerCase().includes(`x-request-id: ${body.request_id}`),
    };
  }

  test.each([
    ["no Host at all", ["GET / HTTP/1.1", "Connection: close"], 400, "malformed_request"],
    [
      "both a length and chunks",
      ["POST / HTTP/1.1", "Host: HOST", "Content-Length: 3", "Transfer-Encoding: chunked", "", "0"],
      400,
      "malformed_request",
    ],
    [
      "two lengths",
      ["POST / HTTP/1.1", "Host: HOST", "Content-Length: 3", "Content-Length: 4", "", "abc"],
      400,
      "malformed_request",
    ],
    [
      "chunks that are no chunks",
      ["POST /api/ext/install-1/ HTTP/1.1", "Host: HOST", "Transfer-Encoding: nonsense", "", "abc"],
      400,
      "malformed_request",
    ],
    [
      "two hosts",
      ["GET / HTTP/1.1", "Host: HOST", "Host: rebound.example", "Connection: close"],
      421,
      "misdirected_request",
    ],
    [
      "a host of somebody else's",
      ["GET /api/ext/install-1/ HTTP/1.1", "Host: rebound.example", "Connection: close"],
      421,
      "misdirected_request",
    ],
  ])("%s is answered in the design's form with a request id", async (_, lines, status, code) => {
    const { port, raw, executed } = await listening();
    const reply = await raw(...lines.map((each) => each.replace("HOST", `127.0.0.1:${port}`)));
    expect(told(reply)).toEqual({ status, code, named: true });
    expect(executed).toEqual([]);
  });

  test.each(["\xff", "\xc3\xa9"])("octets beyond ASCII must be percent-encoded: %j", async (octets) => {
    const { port, executed } = await listening();
    const socket = connect(port, "127.0.0.1");
    const head = `GET /api/ext/install-1/${octets} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nX-Api-Key: ${KEY}\r\n`;
    socket.write(Buffer.from(`${head}Connection: close\r\n\r\n`, "latin1"));
    expect(told(await text(socket))).toEqual({ status: 400, code: "malformed_request", named: true });
    expect(executed).toEqual([]);
  });

  test("a path beyond the cap is refused by the gateway, not by the parser", async () => {
    const { port, raw } = await listening();
    const reply = await raw(
      `GET /api/ext/install-1/${"a".repeat(9_000)} HTTP/1.1`,
      `Host: 127.0.0.1:${port}`,
      `X-Api-Key: ${KEY}`,
      "Connection: close",
    );
    expect(told(reply)).toEqual({ status: 400, code: "malformed_request", named: true });
  });

  test.each([
    ["headers", "GET / HTTP/1.1\r\nHost: "],
    ["body", "POST /api/ext/install-1/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nabc"],
  ])("a sender that takes too long for its %s is cut off", async (_, sent) => {
    const app = new Hono().all("*", async (context) => context.text(await context.req.text()));
    // Nobody is left to read it.
    app.onError((_error, context) => context.body(null, 400));
    const times = { headers: 50, request: 50, check: 10 };
    const listener = await listen(app, 0, (_request, socket) => socket.destroy(), times);
    onTestFinished(() => listener.close());
    const socket = connect(listener.port, "127.0.0.1");
    socket.write(sent);
    const reply = await text(socket);
    expect(told(reply)).toEqual({ status: 408, code: "request_timeout", named: true });
  });
});

describe("HEAD", () => {
  test("answers like GET without the body, and says how long it would be", async () => {
    const { port, raw, executed } = await listening();
    const reply = await raw(
      "HEAD /api/ext/install-1/a HTTP/1.1",
      `Host: 127.0.0.1:${port}`,
      `X-Api-Key: ${KEY}`,
      "Connection: close",
    );
    expect(statusOf(reply)).toBe(200);
    expect(reply).toMatch(/content-length: 11\r\n/i);
    expect(reply.endsWith("\r\n\r\n")).toBe(true);
    expect(executed.map(({ http }) => http.method)).toEqual(["GET"]);
  });
});
