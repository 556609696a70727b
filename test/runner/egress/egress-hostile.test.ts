import { once } from "node:events";
import { type AddressInfo, createServer, type Server } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { createEgressBudget, type EgressBudget } from "../../../core/runner/egress/egress-budget.ts";
import {
  createEgressGuard,
  type EgressRequest,
  type Resolve,
} from "../../../core/runner/egress/egress-guard.ts";

let server: Server | undefined;
afterEach(() => void server?.close());

/** Answers every connection with these bytes, once the request is there, and tells what it was sent. */
async function rawServer(answer: string | Uint8Array): Promise<{ port: number; received: string[] }> {
  const received: string[] = [];
  server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", (chunk) => {
      received.push(chunk.toString("latin1"));
      socket.end(answer);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { port: (server.address() as AddressInfo).port, received }; // it listens on a port
}

function fetchFrom(
  url: string,
  {
    allowlist = [URL.parse(url)?.host ?? ""],
    resolve,
    signal,
    budget = createEgressBudget(),
    ...request
  }: Partial<EgressRequest> & {
    allowlist?: string[];
    resolve?: Resolve;
    signal?: AbortSignal;
    budget?: EgressBudget;
  } = {},
) {
  return createEgressGuard(resolve).fetch(
    { method: "GET", headers: [], ...request, url },
    {
      allowlist,
      signal: signal ?? AbortSignal.timeout(20_000),
      budget,
      onBytes: () => undefined,
    },
  );
}

describe("an address that is not the public Internet's", () => {
  const LISTED = [
    "127.0.0.1",
    "localhost",
    "::1",
    "::ffff:127.0.0.1",
    "64:ff9b::7f00:1",
    "169.254.169.254",
    "fd00:ec2::254",
    "0.0.0.0",
    "::",
    "::7f00:1",
    "2002:7f00:1::",
    "168.63.129.16",
    "example.com",
  ];

  it.each([
    "http://127.0.0.1/",
    "http://127.1/",
    "http://127.0.1/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0x7f.1/",
    "http://0177.0.0.1/",
    "http://017700000001/",
    "http://127.0.0.1./",
    "http://１２７.０.０.１/",
    "http://①②⑦.⓪.⓪.①/",
    "http://127。0。0。1/",
    "http://%31%32%37.0.0.1/",
    "http://[::1]/",
    "http://[0:0:0:0:0:0:0:1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[64:ff9b::127.0.0.1]/",
    "http://169.254.169.254/latest/meta-data/",
    "http://0xa9fea9fe/",
    "http://[fd00:ec2::254]/",
    "http://0.0.0.0/",
    "http://0/",
    "http://[::]/",
    "http://[::7f00:1]/",
    "http://[2002:7f00:1::]/",
    "http://168.63.129.16/",
  ])("is refused although its host is listed: %s", async (url) => {
    await expect(fetchFrom(url, { allowlist: LISTED })).rejects.toMatchObject({
      code: "not_allowed",
      message: expect.stringMatching(/private, loopback, link-local or reserved/),
    });
  });

  it("is refused behind a listed name, also among public ones and also the second time", async () => {
    const answers = [
      ["93.184.216.34", "127.0.0.1"],
      ["10.0.0.1"],
      ["::ffff:10.0.0.1"],
      ["64:ff9b::a00:1"],
      ["fe80::1"],
      ["0.0.0.0"],
    ];
    for (const addresses of answers)
      await expect(
        fetchFrom("http://example.com/", { allowlist: ["example.com"], resolve: async () => addresses }),
      ).rejects.toMatchObject({ code: "not_allowed" });
  });
});

describe("a name that only looks like a listed one", () => {
  it.each([
    "http://ex\u0430mple.com/",
    "http://exampl\u0435.com/",
    "http://example.com.evil.test/",
    "http://example.com@evil.test/",
    "http://example.com:80@evil.test/",
    "http://evil.test\\@example.com/",
    "http://evil.test#@example.com/",
    "http://evil.test?@example.com/",
    "http://evil.test/http://example.com/",
    "http://example.com%2eevil.test/",
  ])("is another host: %s", async (url) => {
    const resolve = () => Promise.reject(new Error("nothing may be resolved"));
    await expect(fetchFrom(url, { allowlist: ["example.com"], resolve })).rejects.toMatchObject({
      code: "not_allowed",
    });
  });
});

describe("a name server that does not answer", () => {
  it("is not waited for beyond the deadline", async () => {
    const control = new AbortController();
    const asked = Promise.withResolvers<void>();
    const resolve = () => {
      asked.resolve();
      return new Promise<readonly string[]>(() => undefined);
    };
    const fetching = fetchFrom("http://example.com/", {
      allowlist: ["example.com"],
      resolve,
      signal: control.signal,
    });
    await asked.promise;
    control.abort();
    await expect(fetching).rejects.toMatchObject({ code: "transport" });
  });
});

describe("a server that answers badly", () => {
  it.each([
    ["two lengths", "HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 5\r\n\r\nabcde"],
    [
      "a length and chunks",
      "HTTP/1.1 200 OK\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
    ],
    ["headers without end", `HTTP/1.1 200 OK\r\n${"x: y\r\n".repeat(40_000)}\r\n`],
    [
      "a chunk of a size that is none",
      "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n",
    ],
    ["less than it said", "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nabc"],
    [
      "another protocol",
      "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n",
    ],
    ["nothing", ""],
  ])("ends as a failed transport: %s", async (_name, answer) => {
    const { port } = await rawServer(answer);
    await expect(fetchFrom(`http://127.0.0.1:${port}/`)).rejects.toMatchObject({ code: "transport" });
  });
});

describe("a server that announces an answer for ever", () => {
  async function announcing(): Promise<string> {
    server = createServer((socket) => {
      const interim = "HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n".repeat(1_000);
      const more = () => void socket.write(interim, (error) => error ?? more());
      socket.on("error", () => undefined);
      socket.once("data", more);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`; // it listens on a port
  }

  it("is left when the budget is spent", async () => {
    const budget = createEgressBudget(100_000);
    await expect(fetchFrom(await announcing(), { budget })).rejects.toMatchObject({ code: "quota_exceeded" });
    expect(budget.exceeded.aborted).toBe(true);
  });

  it("is left when that is more than an answer may be", async () => {
    await expect(fetchFrom(await announcing())).rejects.toMatchObject({
      code: "transport",
      message: expect.stringContaining("the response is over"),
    });
  });
});

describe("what an extension puts into a request", () => {
  it("stays in its place: path, query and header values cannot begin a second request", async () => {
    const { port, received } = await rawServer("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
    await fetchFrom(`http://127.0.0.1:${port}/a b\r\nx: y?q=\u0000 z#secret`, {
      headers: [
        { name: "content-length", value: "999" },
        { name: "Transfer-Encoding", value: "chunked" },
        { name: "connection", value: "x-ext" },
        { name: "upgrade", value: "websocket" },
        { name: "x-ext", value: "kept" },
      ],
    });
    const [request = ""] = received;
    const [line, ...headers] = request.split("\r\n");
    expect(line).toBe("GET /a%20bx:%20y?q=%00%20z HTTP/1.1");
    expect(
      headers
        .filter((header) => header !== "")
        .map((header) => header.split(":")[0]?.toLowerCase())
        .sort(),
    ).toEqual(["connection", "host", "x-ext"]);
    expect(request).not.toContain("secret");
  });

  it("is refused when it is no header", async () => {
    for (const [name, value] of [
      ["x", "a\nb"],
      ["x", "a\rb"],
      ["x", "a\0b"],
      ["x", "\u010d\u010a"],
      ["x\r\ny", "a"],
      ["x:", "a"],
      ["\u212a", "a"],
      ["", "a"],
    ] as const)
      await expect(fetchFrom("http://127.0.0.1:9/", { headers: [{ name, value }] })).rejects.toMatchObject({
        code: "not_allowed",
      });
  });
});
