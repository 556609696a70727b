import type { Clock } from "../platform/clock.ts";
import type { Ids } from "../platform/ids.ts";
import type { Logger } from "../platform/logger.ts";
import { createHostApp, type HostApp } from "./app.ts";
import { createStagedUploads } from "./control/staged-uploads.ts";
import { ownHosts } from "./own-origin.ts";
import type { HostPorts } from "./ports.ts";
import { createRpcHandlers, createRpcSources } from "./rpc-handlers.ts";
import { createRpcRouter } from "./rpc-router.ts";
import { createRpcSocket } from "./rpc-socket.ts";
import { type Listener, listen } from "./server.ts";

export interface HostServerOptions extends HostPorts {
  /** Opens the window and the control API; at least 128 bits of randomness. */
  token: string;
  /** Folder of the built page; may be missing, then only the APIs answer. */
  rendererDir: string;
  /** Folder for uploads that wait to be finalised. */
  stagingDir: string;
  /** Origins that the window may frame, such as `http://*.localhost:4040`. Read on every page load. */
  frameSources(): readonly string[];
  clock: Clock;
  ids: Ids;
  logger: Logger;
}

export interface HostServer {
  /** Answers without a socket: requests must then be addressed to `http://localhost`. */
  readonly app: HostApp;
  /** Listens on loopback only. Port 0 takes any. @throws HostError `port_in_use`, … */
  listen(port: number): Promise<{ readonly port: number; readonly url: string }>;
  /** Ends streams, lets running calls finish, closes. May be called more than once. */
  close(): Promise<void>;
}

export function createHostServer(options: HostServerOptions): HostServer {
  const { token, rendererDir, stagingDir, frameSources, clock, ids, logger, ...ports } = options;
  const closing = new AbortController();
  const uploads = createStagedUploads({ dir: stagingDir, clock, ids });
  // Without a socket there is no port to name.
  let hosts = ownHosts(80);
  const isOwnHost = (host: string) => hosts.has(host);
  let listener: Listener | undefined;
  const app = createHostApp({
    ports,
    token,
    rendererDir,
    frameSources,
    isOwnHost,
    uploads,
    closing: closing.signal,
    ids,
    logger,
  });
  const router = createRpcRouter({
    handlers: createRpcHandlers(ports, ids),
    sources: createRpcSources(ports),
    elsewhere: ports.elsewhere,
    closing: closing.signal,
    ids,
    logger,
  });
  const rpc = createRpcSocket({ router, token, isOwnHost, logger });
  return {
    app,
    listen: async (port) => {
      listener = await listen(app, port, rpc.upgrade);
      hosts = ownHosts(listener.port);
      return { port: listener.port, url: listener.url };
    },
    close: async () => {
      closing.abort();
      await Promise.all([rpc.close(), listener?.close()]);
      listener = undefined;
      await uploads.dispose();
    },
  };
}
