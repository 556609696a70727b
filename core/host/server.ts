import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { getRequestListener } from "@hono/node-server";
import { KIB } from "../contract/limits.ts";
import { randomIds } from "../platform/ids.ts";
import type { HostApp } from "./app.ts";
import { type BareRefusal, refuseOn } from "./bare-refusal.ts";
import { HostError } from "./errors.ts";

const LOOPBACK = "127.0.0.1";
/** Above the gateway's own cap, so that the gateway is the one to answer. */
const MAX_HEADER_BYTES = 64 * KIB;
/** A sender that takes longer for its headers or its whole request is cut off. */
const HEADERS_TIMEOUT_MS = 15_000;
const REQUEST_TIMEOUT_MS = 120_000;
/** Calls that run when the host closes may finish within this time. */
const DRAIN_MS = 5_000;

/** How often Node looks for senders that are too slow. */
const TIMEOUT_CHECK_MS = 5_000;

/** What never reaches the app, by the code of Node's parser. */
const UNPARSABLE: Readonly<Record<string, Unparsable>> = {
  HPE_HEADER_OVERFLOW: {
    status: "413 Content Too Large",
    code: "request_too_large",
    message: "The headers are too large.",
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: "408 Request Timeout",
    code: "request_timeout",
    message: "The request did not arrive in time.",
  },
};
const MALFORMED: Unparsable = {
  status: "400 Bad Request",
  code: "malformed_request",
  message: "The request is not valid HTTP.",
};

/** Node has answers of its own for these, without a word. */
const NO_PROXY: Unparsable = {
  status: "405 Method Not Allowed",
  headers: ["allow: GET, HEAD, POST, PUT, PATCH, DELETE"],
  code: "method_not_allowed",
  message: "The host is no proxy.",
};
const EXPECTATION: Unparsable = {
  status: "417 Expectation Failed",
  code: "expectation_failed",
  message: "The header expect may ask for 100-continue and for nothing else.",
};

interface Unparsable {
  readonly status: string;
  readonly headers?: readonly string[];
  readonly code: string;
  readonly message: string;
}

/** Milliseconds in which a request has to arrive. */
export interface ArrivalTimes {
  readonly headers: number;
  readonly request: number;
  /** How often that is looked at. */
  readonly check: number;
}

const ARRIVAL_TIMES: ArrivalTimes = {
  headers: HEADERS_TIMEOUT_MS,
  request: REQUEST_TIMEOUT_MS,
  check: TIMEOUT_CHECK_MS,
};

export interface Listener {
  readonly port: number;
  /** Origin without a trailing slash. */
  readonly url: string;
  /** Accepts nothing new, waits for what runs, then cuts off. */
  close(): Promise<void>;
}

/** Takes over a connection that asks to become a WebSocket. */
export type Upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

/** @throws HostError `port_in_use`, `port_forbidden`, `listen_failed` */
export async function listen(
  app: HostApp,
  port: number,
  upgrade: Upgrade,
  times: ArrivalTimes = ARRIVAL_TIMES,
): Promise<Listener> {
  const server = createServer(
    {
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: times.headers,
      requestTimeout: times.request,
      connectionsCheckingInterval: times.check,
      // Node's own refusal has no body; what names no host is refused below, in the same form as everything else.
      requireHostHeader: false,
      // A client that offers another protocol (curl offers h2c) wants the answer in this one.
      shouldUpgradeCallback: ({ headers }) => headers.upgrade?.toLowerCase() === "websocket",
    },
    getRequestListener(app.fetch, {
      overrideGlobalObjects: false,
      errorHandler: () => {
        const { body, requestId } = refusalOf(MALFORMED);
        return new Response(body, {
          status: 400,
          headers: { "content-type": "application/json", "x-request-id": requestId },
        });
      },
    }),
  );
  server.on("clientError", refuseUnparsable);
  server.on("upgrade", upgrade);
  server.on("connect", (_, socket) => refuseOn(socket, refusalOf(NO_PROXY)));
  server.on("checkExpectation", ({ socket }) => refuseOn(socket, refusalOf(EXPECTATION)));
  let isClosing = false;
  server.on("request", (_, answer) => {
    answer.once("close", () => {
      // Node closes what is idle when closing begins; what becomes idle later would wait for its keep-alive time.
      if (isClosing) setImmediate(() => server.closeIdleConnections());
    });
  });
  const address = await bind(server, port);
  return {
    port: address.port,
    url: `http://${LOOPBACK}:${address.port}`,
    close: () => {
      isClosing = true;
      return close(server);
    },
  };
}

function bind(server: Server, port: number): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once("error", (error) => reject(listenError(error, port)));
    server.listen(port, LOOPBACK, () => {
      const address = server.address();
      if (address === null || typeof address === "string") reject(listenError(undefined, port));
      else resolve(address);
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const cutOff = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
    server.close(() => {
      clearTimeout(cutOff);
      resolve();
    });
    server.closeIdleConnections();
  });
}

/** What Node's parser refuses never reaches the app; it is answered in the same form. */
function refuseUnparsable(error: Error & { code?: string }, socket: Duplex): void {
  if (!socket.writable || error.code === "ECONNRESET") {
    socket.destroy();
    return;
  }
  const refused = UNPARSABLE[error.code ?? ""] ?? MALFORMED;
  refuseOn(socket, refusalOf(refused));
}

function refusalOf({ status, headers, code, message }: Unparsable): BareRefusal {
  const requestId = randomIds.uuid();
  const body = JSON.stringify({ error: { code, message }, request_id: requestId });
  return { status, ...(headers === undefined ? {} : { headers }), body, requestId };
}

function listenError(error: unknown, port: number): HostError {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "EADDRINUSE") {
    return new HostError({
      code: "port_in_use",
      kind: "environment",
      message: `Port ${port} is in use.`,
      details: { port },
      hint: "Stop what uses it, or give another port with --port (0 takes any).",
      cause: error,
    });
  }
  if (code === "EACCES") {
    return new HostError({
      code: "port_forbidden",
      kind: "environment",
      message: `This user may not listen on port ${port}.`,
      details: { port },
      hint: "Give a port above 1023 with --port (0 takes any).",
      cause: error,
    });
  }
  return new HostError({
    code: "listen_failed",
    kind: "environment",
    message: `The host could not listen on port ${port}.`,
    details: { port },
    cause: error,
  });
}
