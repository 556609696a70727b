import { onTestFinished } from "vitest";
import { RPC_PROCEDURES, RPC_SUBSCRIPTIONS } from "../../core/contract/rpc.ts";
import type { RpcHandlers, RpcSources } from "../../core/host/rpc.ts";
import { createRpcRouter } from "../../core/host/rpc-router.ts";
import { createRpcSocket } from "../../core/host/rpc-socket.ts";
import { listen } from "../../core/host/server.ts";
import { randomIds } from "../../core/platform/ids.ts";
import { createHostConnection, type HostConnection } from "../../renderer/host-connection.ts";

const TOKEN = "token-of-the-live-host";

const notAsked = (): never => {
  throw new Error("not asked for in this test");
};

export interface LiveHost {
  readonly port: number;
  stop(): Promise<void>;
}

interface LiveHostOptions {
  readonly handlers?: Partial<RpcHandlers>;
  readonly sources?: Partial<RpcSources>;
  readonly port?: number;
  readonly token?: string;
}

/** The host's own socket, with only what lies behind the handlers the test's. */
export async function startLiveHost(options: LiveHostOptions = {}): Promise<LiveHost> {
  const { handlers, sources, port = 0, token = TOKEN } = options;
  // The cast: every name of the map gets the same handler, which the compiler does not follow through fromEntries.
  const unused = <Names extends object>(names: Names) =>
    Object.fromEntries(Object.keys(names).map((name) => [name, notAsked])) as Record<
      keyof Names,
      typeof notAsked
    >;
  const closing = new AbortController();
  const log = (): void => {};
  const logger = { debug: log, info: log, warn: log, error: log };
  const router = createRpcRouter({
    handlers: { ...unused(RPC_PROCEDURES), ...handlers },
    sources: { ...unused(RPC_SUBSCRIPTIONS), ...sources },
    elsewhere: { subscribe: () => () => {} },
    closing: closing.signal,
    ids: randomIds,
    logger,
  });
  const rpc = createRpcSocket({ router, token, isOwnHost: () => true, logger });
  const nothing = () => new Response(null, { status: 404 });
  const listener = await listen({ fetch: nothing, request: nothing }, port, rpc.upgrade);
  const stop = async (): Promise<void> => {
    closing.abort();
    await Promise.all([rpc.close(), listener.close()]);
  };
  onTestFinished(stop);
  return { port: listener.port, stop };
}

/** A page's connection to the host, with the token that `address` names. */
export function connectTo(host: Pick<LiveHost, "port">, address = { token: TOKEN }): HostConnection {
  const connection = createHostConnection({
    address: async () => ({ url: `http://127.0.0.1:${host.port}`, token: address.token }),
  });
  onTestFinished(() => connection.close());
  return connection;
}
