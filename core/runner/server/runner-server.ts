import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { KIB } from "../../contract/limits.ts";
import { answerError, answerJson } from "./answer.ts";
import { type Authority, authorityOf } from "./authority.ts";

const LOOPBACK = "127.0.0.1";
const MAX_HEADER_BYTES = 64 * KIB;
const REQUEST_TIMEOUT_MS = 60_000;
const KEEP_ALIVE_MS = 60_000;

/** All that it answers, as `resources/openapi.json` describes it. What is asked below `/ext-ui/` is judged by its route. */
export const RUNNER_ROUTES = {
  "/v1/execute": ["POST"],
  "/healthz": ["GET", "HEAD"],
  // Without the token, as scrapers expect it: counts by extension id and code, on loopback and under our own name.
  "/metrics": ["GET"],
} as const satisfies Readonly<Record<string, readonly string[]>>;
export const UI_PREFIX = "/ext-ui/";

type RunnerPath = keyof typeof RUNNER_ROUTES;

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
  if (target.startsWith(UI_PREFIX)) return options.ui(request, response, target, authority);
  // An extension's own origin serves its assets and nothing else.
  if (authority.kind === "extension") return answerError(response, 404, "not_found", "No such route.");
  if (!isRunnerPath(target)) return answerError(response, 404, "not_found", "No such route.");
  const methods: readonly string[] = RUNNER_ROUTES[target];
  if (!methods.includes(request.method ?? "")) {
    const allowed = methods.join(", ");
    response.setHeader("allow", allowed);
    return answerError(response, 405, "method_not_allowed", `Only ${allowed} is allowed here.`);
  }
  if (target === "/healthz") return answerJson(response, 200, options.health());
  if (target === "/metrics") return answerMetrics(response, options.metrics);
  if (!options.isAuthorised(request.headers.authorization))
    return answerError(response, 401, "unauthenticated", "The service token is missing or wrong.");
  return options.execute(request, response);
}

function isRunnerPath(target: string): target is RunnerPath {
  return Object.hasOwn(RUNNER_ROUTES, target);
}
