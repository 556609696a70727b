import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { KIB } from "../../contract/limits.ts";
import { answerError, answerJson } from "./answer.ts";
import { type Authority, authorityOf } from "./authority.ts";

const LOOPBACK = "127.0.0.1";
const MAX_HEADER_BYTES = 64 * KIB;
const REQUEST_TIMEOUT_MS = 60_000;
const KEEP_ALIVE_MS = 60_000;

type Route = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

export interface RunnerServerOptions {
  isAuthorised(authorization: string | undefined): boolean;
  readonly execute: Route;
  /** `target` is the request target as it was sent: nothing has been decoded or resolved. */
  ui(request: IncomingMessage, response: ServerResponse, target: string, authority: Authority): Promise<void>;
  health(): unknown;
  readonly metrics: { readonly contentType: string; expose(): Promise<string> };
}

export interface RunnerServer {
  readonly port: number;
  /** Takes no more connections; resolves when those in use are done. */
  drain(): Promise<void>;
}

/** The runner's one socket, on loopback. Rejects with the system's error when the port is taken. */
export async function listen(port: number, options: RunnerServerOptions): Promise<RunnerServer> {
  const server = createServer({ maxHeaderSize: MAX_HEADER_BYTES, requestTimeout: REQUEST_TIMEOUT_MS });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, LOOPBACK, resolve);
  });
  const { port: bound } = server.address() as AddressInfo; // not a pipe, as it listens on a port
  server.on("request", (request, response) => {
    // While draining, a connection that has just become idle would be kept for its client.
    response.on("close", () => {
      if (!server.listening) server.closeIdleConnections();
    });
    route(request, response, bound, options).catch(() => {
      if (response.headersSent) response.destroy();
      else answerError(response, 500, "internal", "The runner failed to answer.");
    });
  });
  return { port: bound, drain: () => closed(server) };
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
}

async function answerMetrics(
  response: ServerResponse,
  metrics: RunnerServerOptions["metrics"],
): Promise<void> {
  const text = await metrics.expose();
  response.writeHead(200, { "content-type": metrics.contentType, "cache-control": "no-store" }).end(text);
}

async function route(
  request: IncomingMessage,
  response: ServerResponse,
  port: number,
  options: RunnerServerOptions,
): Promise<void> {
  const target = request.url ?? "/";
  const authority = authorityOf(request.headers.host, port);
  if (authority === undefined)
    return answerError(response, 421, "misdirected_request", "The host is not this runner.");
  if (target.startsWith("/ext-ui/")) return options.ui(request, response, target, authority);
  // An extension's own origin serves its assets and nothing else.
  if (authority.kind === "extension") return answerError(response, 404, "not_found", "No such route.");
  if (target === "/healthz" && (request.method === "GET" || request.method === "HEAD"))
    return answerJson(response, 200, options.health());
  // Without the token, as scrapers expect it: counts by extension id and code, on loopback and under our own name.
  if (target === "/metrics" && request.method === "GET") return answerMetrics(response, options.metrics);
  if (target !== "/v1/execute") return answerError(response, 404, "not_found", "No such route.");
  if (request.method !== "POST") {
    response.setHeader("allow", "POST");
    return answerError(response, 405, "method_not_allowed", "Only POST is allowed here.");
  }
  if (!options.isAuthorised(request.headers.authorization))
    return answerError(response, 401, "unauthenticated", "The service token is missing or wrong.");
  return options.execute(request, response);
}
