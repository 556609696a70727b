import { readFileSync } from "node:fs";
import type { Hono } from "hono";
import { expect, test } from "vitest";
import { openApiDocument } from "../../core/contract/openapi.ts";
import { describedRoutes, differencesOf } from "../support/described-http.ts";
import { createHostFixture, KEY } from "./fixture.ts";

/** Middleware, and the page's own files. */
const NOT_DESCRIBED = ["ALL /*", "ALL /api/*", "ALL /rpc/*", "GET /*"];
const GATEWAY_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"];

test("resources/openapi.json is what scripts/emit-schemas.ts writes", () => {
  const file = readFileSync(new URL("../../resources/openapi.json", import.meta.url), "utf8");
  expect(JSON.parse(file)).toEqual(openApiDocument());
});

test("every route of the host is described, and nothing else is", () => {
  // What is handed out as fetch and request is the whole app.
  const { routes } = createHostFixture().host.app as Hono;
  const real = new Set(
    routes
      .filter(({ method, path }) => !NOT_DESCRIBED.includes(`${method} ${path}`))
      .flatMap(({ method, path }) => {
        const described = path.replace(/:(\w+)/g, "{$1}").replace(/\/\*$/, "/{extension}/{path}");
        return (method === "ALL" ? GATEWAY_METHODS : [method]).map((each) => `${each} ${described}`);
      }),
  );
  expect(describedRoutes("host").sort()).toEqual([...real].sort());
});

const headers = { "x-api-key": KEY, "content-type": "application/json" };
const reference = JSON.stringify({ registryId: "com.acme.hello", version: "1.0.0" });
test.each<[string, string, string, RequestInit, number]>([
  ["POST", "/api/v1/extensions/install", "", { headers, body: reference }, 202],
  ["POST", "/api/v1/extensions/uninstall", "", { headers, body: reference }, 200],
  ["POST", "/api/v1/extensions/install", "", { headers, body: "{}" }, 400],
  ["POST", "/api/ext-bundles/finalize", "", { body: "{}" }, 401],
  ["POST", "/api/ext-bundles/upload-proxy", "?size=1", { headers }, 415],
  ["GET", "/api/ext-debug/stream", "?level=loud", { headers }, 400],
  ["GET", "/api/openapi.json", "", {}, 200],
])("%s %s%s answers as described", async (method, path, query, init, status) => {
  const { host } = createHostFixture();
  const response = await host.app.request(`http://localhost${path}${query}`, { method, ...init });
  expect(response.status).toBe(status);
  const answer = {
    status: response.status,
    type: response.headers.get("content-type") ?? "",
    body: await response.text(),
  };
  expect(differencesOf({ method, path }, answer)).toEqual([]);
});
