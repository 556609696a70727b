import { type Context, Hono } from "hono";
import type { HostPorts } from "../ports.ts";
import { finalizeBundle, uploadBundle } from "./bundle-routes.ts";
import { debugStream } from "./debug-stream.ts";
import { installExtension, uninstallExtension } from "./extension-routes.ts";
import { principalOf } from "./principal.ts";
import type { StagedUploads } from "./staged-uploads.ts";

export interface ControlOptions {
  ports: HostPorts;
  token: string;
  uploads: StagedUploads;
  /** Ends every stream when the host closes. */
  closing: AbortSignal;
}

/** The control API of the published `alga` command line, in its paths, bodies and statuses. */
export function createControlApp({ ports, token, uploads, closing }: ControlOptions): Hono {
  const app = new Hono();
  // The principal is settled before a byte of the body is read.
  const asWriter = (context: Context) => principalOf(context, ports, token, "write");
  app.post("/api/ext-bundles/upload-proxy", (context) => uploadBundle(context, asWriter(context), uploads));
  app.post("/api/ext-bundles/finalize", (context) =>
    finalizeBundle(context, asWriter(context), uploads, ports),
  );
  app.post("/api/v1/extensions/install", (context) =>
    installExtension(context, asWriter(context), ports.registry),
  );
  app.post("/api/v1/extensions/uninstall", (context) =>
    uninstallExtension(context, asWriter(context), ports.registry),
  );
  app.get("/api/ext-debug/stream", (context) => debugStream(context, ports, token, closing));
  return app;
}
