import { Hono } from "hono";
import { openApiDocument } from "../contract/openapi.ts";

/** `GET /api/openapi.json`, without a token: it describes the product and nothing of this workbench. */
export function createOpenApiRoute(): Hono {
  const app = new Hono();
  let document: object | undefined;
  app.get("/api/openapi.json", (context) => {
    document ??= openApiDocument();
    return context.json(document);
  });
  return app;
}
