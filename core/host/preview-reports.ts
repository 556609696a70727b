import { Hono } from "hono";
import { KIB } from "../contract/limits.ts";
import { readCapped } from "../platform/capped-body.ts";
import type { HostPreviews } from "./rpc/preview-ports.ts";

const MAX_REPORT_BYTES = 16 * KIB;

/**
 * `POST /preview-reports/{key}`: where browsers send violations of a frame's content policy. No token can come with
 * them, so the key in the path says whose they are, and nothing that is sent is answered.
 */
export function createPreviewReports(previews: Pick<HostPreviews, "report">): Hono {
  const app = new Hono();
  app.post("/preview-reports/:key", async (context) => {
    const stream = context.req.raw.body;
    const bytes = stream === null ? undefined : await readCapped(stream, MAX_REPORT_BYTES);
    if (bytes !== undefined) previews.report(context.req.param("key"), jsonOf(bytes));
    return context.body(null, 204, { "cache-control": "no-store" });
  });
  return app;
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}
