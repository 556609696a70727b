import { Hono } from "hono";

/** What the host tells Prometheus. */
export interface HostMetricsPort {
  readonly contentType: string;
  expose(): Promise<string>;
  subscribed(stream: string): () => void;
}

/**
 * `GET /metrics` without a token, as scrapers expect it: it holds counts, extension names and codes, and neither ids of
 * requests nor anything that was said in one. The host listens on loopback only, and a request that was addressed to
 * another name has been refused before.
 */
export function createMetricsRoute(metrics: HostMetricsPort): Hono {
  const app = new Hono();
  app.get("/metrics", async (context) =>
    context.body(await metrics.expose(), 200, {
      "content-type": metrics.contentType,
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
    }),
  );
  return app;
}
