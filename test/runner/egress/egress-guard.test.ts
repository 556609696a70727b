import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { createEgressBudget, type EgressBudget } from "../../../core/runner/egress/egress-budget.ts";
import { createEgressGuard, type EgressRequest } from "../../../core/runner/egress/egress-guard.ts";

const seen: { method: string; url: string; headers: IncomingMessage["headers"]; body: string }[] = [];
let port: number;

function answer(request: IncomingMessage, response: ServerResponse, body: string): void {
  seen.push({ method: request.method ?? "", url: request.url ?? "", headers: request.headers, body });
  if (request.url === "/redirect") response.writeHead(302, { location: "http://169.254.169.254/" }).end();
  else if (request.url === "/large") response.end(Buffer.alloc(11 * 1024 * 1024));
  else if (request.url === "/hang") response.write("x");
  else if (request.url === "/cookies") response.writeHead(200, { "set-cookie": ["a=1", "b=2"] }).end("ok");
  else response.end(`hello from ${request.headers.host}`);
}

const server = createServer((request, response) => {
  let body = "";
  request.on("data", (chunk) => {
    body += chunk;
  });
  request.on("end", () => answer(request, response, body));
});

beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  port = (server.address() as AddressInfo).port;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

function send(
  path: string,
  change: Partial<EgressRequest> & {
    allowlist?: string[];
    resolve?: (host: string) => Promise<string[]>;
    signal?: AbortSignal;
    onBytes?: (count: number) => void;
    budget?: EgressBudget;
  } = {},
) {
  const { allowlist, resolve, signal, onBytes, budget = createEgressBudget(), ...request } = change;
  return createEgressGuard(resolve).fetch(
    { method: "GET", url: `http://127.0.0.1:${port}${path}`, headers: [], ...request },
    {
      allowlist: allowlist ?? [`127.0.0.1:${port}`],
      signal: signal ?? AbortSignal.timeout(20_000),
      budget,
      onBytes: onBytes ?? (() => undefined),
    },
  );
}

describe("the egress guard", () => {
  it("sends method, headers and body to an allowed server and brings its answer back", async () => {
    const response = await send("/path?q=1", {
      method: "post",
      headers: [
        { name: "X-One", value: "1" },
        { name: "Host", value: "elsewhere.test" },
        { name: "Transfer-Encoding", value: "chunked" },
        { name: "Proxy-Authorization", value: "x" },
      ],
      body: new TextEncoder().encode("body"),
    });
    expect([response.status, text(response.body)]).toEqual([200, `hello from 127.0.0.1:${port}`]);
    expect(seen.at(-1)).toMatchObject({
      method: "POST",
      url: "/path?q=1",
      body: "body",
      headers: { "x-one": "1" },
    });
    expect(Object.keys(seen.at(-1)?.headers ?? {}).sort()).toEqual([
      "connection",
      "content-length",
      "host",
      "x-one",
    ]);
    const cookies = (await send("/cookies")).headers.filter(({ name }) => name === "set-cookie");
    expect(cookies.map(({ value }) => value)).toEqual(["a=1", "b=2"]);
  });

  it("reaches nothing that is not listed, in whatever spelling", async () => {
    const before = seen.length;
    for (const host of ["127.0.0.1", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "localhost", "[::1]"])
      await expect(send("/", { url: `http://${host}:${port}/`, allowlist: [] })).rejects.toMatchObject({
        code: "not_allowed",
      });
    expect(seen).toHaveLength(before);
  });

  it("refuses a listed name that resolves to a private address, unless that host and port are listed", async () => {
    const resolve = async () => ["127.0.0.1"];
    const url = "http://internal.example/";
    await expect(send("", { url, resolve, allowlist: ["internal.example"] })).rejects.toMatchObject({
      code: "not_allowed",
      message: expect.stringContaining("internal.example:80"),
    });
    const listed = `internal.example:${port}`;
    const response = await send("", { url: `http://${listed}/`, resolve, allowlist: [listed] });
    expect(text(response.body)).toBe(`hello from ${listed}`);
  });

  it("asks for the name once and connects to the address that was judged", async () => {
    const resolve = vi.fn(async () => (resolve.mock.calls.length === 1 ? ["127.0.0.1"] : ["192.0.2.1"]));
    const listed = `rebinding.example:${port}`;
    await send("", { url: `http://${listed}/`, resolve, allowlist: [listed] });
    expect(resolve).toHaveBeenCalledTimes(1);
  });

  it("does not follow redirects", async () => {
    const response = await send("/redirect");
    expect(response.status).toBe(302);
    expect(response.headers).toContainEqual({ name: "location", value: "http://169.254.169.254/" });
  });

  it("stops reading a response over the cap, and never sends an oversized request", async () => {
    await expect(send("/large")).rejects.toMatchObject({ code: "transport" });
    const body = new Uint8Array(10 * 1024 * 1024 + 1);
    await expect(send("/", { method: "POST", body })).rejects.toMatchObject({ code: "not_allowed" });
  });

  it("refuses methods that are none and headers that would break the message", async () => {
    for (const method of ["CONNECT", "TRACE", "GET / HTTP/1.1\r\nX: y", ""])
      await expect(send("/", { method })).rejects.toMatchObject({ code: "not_allowed" });
    for (const header of [
      { name: "x", value: "a\r\nb: c" },
      { name: "x y", value: "a" },
      { name: "x", value: "y".repeat(40_000) },
    ])
      await expect(send("/", { headers: [header] })).rejects.toMatchObject({ code: "not_allowed" });
  });

  it("ends at the deadline", async () => {
    const control = new AbortController();
    const hanging = send("/hang", { signal: control.signal });
    await once(server, "request");
    control.abort();
    await expect(hanging).rejects.toMatchObject({ code: "transport" });
  });

  it("says transport when nobody answers, or not in HTTP", async () => {
    const tcp = createTcpServer((socket) => socket.resume().end("not http\r\n\r\n")).listen(0, "127.0.0.1");
    await once(tcp, "listening");
    const { port: other } = tcp.address() as AddressInfo;
    const allowlist = [`127.0.0.1:${other}`, "unresolved.invalid"];
    const url = `http://127.0.0.1:${other}/`;
    await expect(send("", { url, allowlist })).rejects.toMatchObject({ code: "transport" });
    tcp.close();
    await once(tcp, "close");
    await expect(send("", { url, allowlist })).rejects.toMatchObject({
      code: "transport",
      message: expect.stringContaining("ECONNREFUSED"),
    });
    const resolve = async () => Promise.reject(new Error("ENOTFOUND"));
    const unresolved = send("", { url: "http://unresolved.invalid/", resolve, allowlist });
    await expect(unresolved).rejects.toMatchObject({ code: "transport" });
  });

  it("counts the bytes of both directions, failures included", async () => {
    const counted: number[] = [];
    const onBytes = (count: number) => counted.push(count);
    await send("/", { method: "POST", body: new Uint8Array(5_000), onBytes });
    // All that the answer took, by the time it is here.
    expect(sum(counted)).toBeGreaterThan(5_000);
    await send("/large", { onBytes }).catch(() => undefined);
    expect(sum(counted)).toBeGreaterThan(10 * 1024 * 1024);
  });

  it("counts what was moved until the deadline at the deadline, and not when the connection has closed", async () => {
    const control = new AbortController();
    const counted: number[] = [];
    const hanging = send("/hang", { signal: control.signal, onBytes: (count) => counted.push(count) });
    await once(server, "request");
    control.abort();
    expect(sum(counted)).toBeGreaterThan(0);
    await expect(hanging).rejects.toMatchObject({ code: "transport" });
  });
});

describe("an egress budget", () => {
  const budget = (bytes: number) => createEgressBudget(bytes);

  it("stops a response that would move more than is left, soon after it did", async () => {
    const [own, counted] = [budget(100_000), { bytes: 0 }];
    const onBytes = (count: number) => {
      own.spend(count);
      counted.bytes += count;
    };
    await expect(send("/large", { budget: own, onBytes })).rejects.toMatchObject({ code: "quota_exceeded" });
    expect(own.exceeded.aborted).toBe(true);
    await vi.waitFor(() => expect(counted.bytes).toBeGreaterThan(0));
    // What the system had received already, of 11 MiB.
    expect(counted.bytes).toBeLessThan(4_000_000);
  });

  it("lets through what fits and then nothing more", async () => {
    const own = budget(2_000);
    const onBytes = (count: number) => own.spend(count);
    expect((await send("/", { budget: own, onBytes })).status).toBe(200);
    await vi.waitFor(() => expect(own.left()).toBeLessThan(2_000));
    expect(own.exceeded.aborted).toBe(false);
    own.spend(2_000);
    const before = seen.length;
    await expect(send("/", { budget: own, onBytes })).rejects.toMatchObject({ code: "quota_exceeded" });
    expect(seen).toHaveLength(before);
  });

  it("refuses a body that is larger than what is left before anything is sent", async () => {
    const before = seen.length;
    const body = new Uint8Array(1_001);
    await expect(send("/", { method: "POST", body, budget: budget(1_000) })).rejects.toMatchObject({
      code: "quota_exceeded",
    });
    expect(seen).toHaveLength(before);
  });
});
