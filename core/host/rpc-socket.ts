import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { TRPCError } from "@trpc/server";
import { applyWSSHandler } from "@trpc/server/adapters/ws";
import { type WebSocket, WebSocketServer } from "ws";
import { KIB } from "../contract/limits.ts";
import { CLOSE_UNAUTHENTICATED, connectionParamsSchema, MAX_MESSAGE_BYTES } from "../contract/rpc-socket.ts";
import type { Logger } from "../platform/logger.ts";
import { HostError } from "./errors.ts";
import type { RpcRouter } from "./rpc-router.ts";
import { createRpcSession } from "./rpc-session.ts";
import { isSameSecret } from "./token.ts";
import { refuseUpgrade, upgradeRefusal } from "./upgrade-refusal.ts";

/** Pages at once; a page holds one socket. */
const MAX_SOCKETS = 64;
/** Whoever has not shown the token within this time is cut off. */
const AUTHENTICATION_MS = 10_000;
/** Nobody sends more than the token's message before it is read; the rest is what the kernel hands over with it. */
const MAX_UNAUTHENTICATED_BYTES = 256 * KIB;
/** One message may open every subscription of a page again. */
const MAX_BATCH = 512;
/** After this much quiet the page is asked whether it lives, and cut off when it does not say so. */
const PING_MS = 20_000;
/** A page in a debugger answers late. */
const PONG_WAIT_MS = 60_000;
/** A closing host lets running calls finish within this time. */
const DRAIN_MS = 5_000;
/** A page gets this long to take the close frame. */
const CLOSE_MS = 1_000;
const GOING_AWAY = 1_001;

export interface RpcSocket {
  /** Takes a request for a WebSocket over. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Lets running calls finish, then closes every socket. Subscriptions end with the router's `closing`. */
  close(): Promise<void>;
}

export interface RpcSocketOptions {
  readonly router: RpcRouter;
  readonly token: string;
  isOwnHost(host: string): boolean;
  readonly logger: Logger;
}

/** The WebSocket of the pages: one each, opened by the token in its first message. */
export function createRpcSocket({ router, token, isOwnHost, logger }: RpcSocketOptions): RpcSocket {
  const server = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES, clientTracking: true });
  const working = new Set<Promise<unknown>>();
  /** What guards a socket until it is authenticated. */
  const guards = new WeakMap<WebSocket, () => void>();
  let isClosing = false;

  const track = (call: Promise<unknown>): void => {
    const settled: Promise<unknown> = call.then(
      () => working.delete(settled),
      () => working.delete(settled),
    );
    working.add(settled);
  };

  applyWSSHandler({
    wss: server,
    router,
    keepAlive: { enabled: true, pingMs: PING_MS, pongWaitMs: PONG_WAIT_MS },
    maxBatchSize: MAX_BATCH,
    createContext: ({ res, info }) => {
      const params = connectionParamsSchema.safeParse(info.connectionParams);
      if (!params.success || !isSameSecret(params.data.token, token)) {
        res.close(CLOSE_UNAUTHENTICATED, "unauthenticated");
        throw new TRPCError({ code: "UNAUTHORIZED" });
      }
      guards.get(res)?.();
      return createRpcSession(res, info.signal, track);
    },
    // What a call ends with is told, and logged, by the router's own formatter.
    onError: ({ error }) => logger.debug({ err: error }, "a socket's message failed"),
  });

  const guard = (client: WebSocket, socket: Duplex): void => {
    let bytes = 0;
    const count = (chunk: Buffer): void => {
      bytes += chunk.byteLength;
      if (bytes > MAX_UNAUTHENTICATED_BYTES) client.terminate();
    };
    const late = setTimeout(() => client.terminate(), AUTHENTICATION_MS);
    const lift = (): void => {
      clearTimeout(late);
      socket.off("data", count);
    };
    socket.on("data", count);
    client.once("close", lift);
    guards.set(client, lift);
  };

  return {
    upgrade(request, socket, head) {
      socket.on("error", () => socket.destroy());
      const refusal = upgradeRefusal(request, isOwnHost) ?? busy(server.clients.size, isClosing);
      if (refusal) return refuseUpgrade(request, socket, refusal);
      server.handleUpgrade(request, socket, head, (client) => {
        guard(client, socket);
        server.emit("connection", client, request);
      });
    },
    async close() {
      isClosing = true;
      await within(DRAIN_MS, Promise.all(working));
      // The last answers are on their way through the router, which takes no turn of the event loop.
      await new Promise((resolve) => setImmediate(resolve));
      const closed = [...server.clients].map((client) => {
        const gone = new Promise((resolve) => client.once("close", resolve));
        client.close(GOING_AWAY, "the host closes");
        return gone;
      });
      await within(CLOSE_MS, Promise.all(closed));
      for (const client of server.clients) client.terminate();
    },
  };
}

function busy(sockets: number, isClosing: boolean): HostError | undefined {
  if (!isClosing && sockets < MAX_SOCKETS) return undefined;
  return new HostError({
    code: "too_many_sockets",
    kind: "environment",
    message: isClosing ? "The host is closing." : `${sockets} pages are connected already.`,
    hint: isClosing ? "Start it again." : "Close some of them.",
  });
}

/** Resolves with the promise, or after the time. */
async function within(ms: number, promise: Promise<unknown>): Promise<void> {
  const timeout = Promise.withResolvers<void>();
  const timer = setTimeout(timeout.resolve, ms);
  await Promise.race([promise, timeout.promise]);
  clearTimeout(timer);
}
