import { Hono } from "hono";
import type { Ids } from "../platform/ids.ts";
import type { Logger } from "../platform/logger.ts";
import { createControlApp } from "./control/control-app.ts";
import type { StagedUploads } from "./control/staged-uploads.ts";
import { HostError } from "./errors.ts";
import { failureOf } from "./failure.ts";
import { createMetricsRoute } from "./metrics-route.ts";
import { createOpenApiRoute } from "./openapi-route.ts";
import { ownOriginOnly } from "./own-origin.ts";
import type { HostPorts } from "./ports.ts";
import { createPreviewReports } from "./preview-reports.ts";
import { createRendererFiles } from "./renderer-files.ts";
import { type RequestIdVariables, withRequestId } from "./request-id.ts";

export interface HostAppOptions {
  ports: HostPorts;
  /** Opens the window and the control API; at least 128 bits of randomness. */
  token: string;
  /** Folder of the built page. */
  rendererDir: string;
  frameSources(): readonly string[];
  isOwnHost(host: string): boolean;
  uploads: StagedUploads;
  closing: AbortSignal;
  ids: Ids;
  logger: Logger;
}

/** Paths that are never a file of the page; `/rpc` is a WebSocket (rpc-socket.ts) and nothing to anybody else. */
const NOT_THE_PAGE = ["/api/*", "/rpc/*"];

/** What a socket, or a test without one, asks. */
export type HostApp = Pick<Hono<RequestIdVariables>, "fetch" | "request">;

/** Everything that the host answers over HTTP, as one fetch-style app. */
export function createHostApp(options: HostAppOptions): HostApp {
  const { ports, token, closing, ids, logger } = options;
  const app = new Hono<RequestIdVariables>();
  app.use(ownOriginOnly(options.isOwnHost, ids));
  app.route("/", ports.gateway.app);
  app.route("/", createPreviewReports(ports.previews));
  app.route("/", createMetricsRoute(ports.metrics));
  for (const prefix of NOT_THE_PAGE) app.use(prefix, withRequestId(ids));
  app.route("/", createOpenApiRoute());
  app.route("/", createControlApp({ ports, token, uploads: options.uploads, closing }));
  const files = createRendererFiles({
    dir: options.rendererDir,
    token,
    frameSources: options.frameSources,
  });
  for (const prefix of NOT_THE_PAGE) {
    app.all(prefix, () => {
      throw new HostError({ code: "not_found", message: "There is no such route." });
    });
  }
  app.get("*", files);
  app.notFound(() => {
    throw new HostError({ code: "not_found", message: "There is nothing here." });
  });
  app.onError((error, context) => {
    const requestId = context.get("requestId") ?? ids.uuid();
    const { status, body, isOurs } = failureOf(error, requestId);
    // Nobody reads the answer, and whoever breaks off could fill the log with it.
    if (context.req.raw.signal.aborted || isBrokenOff(error)) {
      logger.debug({ request_id: requestId }, "the sender broke off");
    } else if (isOurs) logger.error({ request_id: requestId, err: error }, "the host failed to answer");
    context.header("x-request-id", requestId);
    context.header("cache-control", "no-store");
    if (status === 401) context.header("www-authenticate", "Bearer");
    // The rest of a refused body is not read, so the connection cannot carry another request.
    if (status === 413) context.header("connection", "close");
    return context.json(body, status);
  });
  return app;
}

function isBrokenOff(error: Error): boolean {
  return "code" in error && error.code === "ECONNRESET";
}
