import { request as send } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { NO_USAGE } from "../../../core/contract/execute.ts";
import { BundleLoadError } from "../../../core/runner/bundles/errors.ts";
import { createExecuteRoute } from "../../../core/runner/server/execute-route.ts";
import {
  listen,
  RUNNER_ROUTES,
  type RunnerServer,
  UI_PREFIX,
} from "../../../core/runner/server/runner-server.ts";
import { createTokenCheck } from "../../../core/runner/server/service-token.ts";
import { createUiRoute } from "../../../core/runner/ui/ui-route.ts";
import { describedRoutes, describedStatuses, differencesOf } from "../../support/described-http.ts";

const TOKEN = "token-of-the-service";
const HASH = `sha256:${"a".repeat(64)}`;
const BROKEN = `sha256:${"b".repeat(64)}`;
const UI = "/ext-ui/{extension}/{contentHash}/{path}";
const files = new Map([["index.html", new TextEncoder().encode("<!doctype html>")]]);

let server: RunnerServer;
/** What stands behind the routes: an extension that answers, unless a test lets something fail. */
let fault: Error | undefined;

beforeAll(async () => {
  const orFault = <T>(value: T): T => {
    if (fault !== undefined) throw fault;
    return value;
  };
  server = await listen(0, {
    isAuthorised: createTokenCheck(TOKEN),
    execute: createExecuteRoute({
      execute: async () => orFault({ status: 200, headers: [], usage: NO_USAGE }),
    }),
    ui: createUiRoute({
      installs: { tenantsWith: async () => ["tenant-1"] },
      bundles: {
        ui: async (hash) => {
          if (hash === BROKEN) throw new BundleLoadError("signature_invalid", "no", "untrusted_signer");
          return orFault({ entry: "index.html", files });
        },
        uiFile: async (_, __, path) => files.get(path),
      },
      hostOrigins: () => [],
    }),
    health: () => orFault({ status: "ok" }),
    metrics: { contentType: "text/plain; version=0.0.4", expose: async () => orFault("up 1\n") },
  });
});
afterAll(() => server.drain());

interface Exchange {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

function ask({ method = "GET", path, headers = {}, body }: Exchange) {
  return new Promise<{ status: number; type: string; body: string }>((resolve, reject) => {
    const request = send(
      { host: "127.0.0.1", port: server.port, method, path, headers, agent: false },
      (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (chunk: string) => {
          text += chunk;
        });
        response.on("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            type: response.headers["content-type"] ?? "",
            body: text,
          }),
        );
      },
    );
    request.on("error", reject);
    request.end(body);
  });
}

const authorization = `Bearer ${TOKEN}`;
const context = {
  request_id: "r",
  tenant_id: "t",
  extension_id: "e",
  install_id: "i",
  version_id: "v",
  content_hash: HASH,
  config: {},
};
const CALL = JSON.stringify({
  context,
  http: { method: "GET", path: "/", query: "", headers: [] },
  limits: { timeout_ms: 1_000, memory_mb: 64, fuel: 1_000 },
  providers: [],
});
const rebound = { host: "rebound.example" };
const page = `/ext-ui/ext-1/${HASH}/index.html`;

/** One exchange for each status that is described of an operation. */
type Case = readonly [described: string, status: number, exchange: Exchange, fault?: Error];
const EXCHANGES: readonly Case[] = [
  ["POST /v1/execute", 200, { path: "/v1/execute", headers: { authorization }, body: CALL }],
  ["POST /v1/execute", 400, { path: "/v1/execute", headers: { authorization }, body: "{}" }],
  ["POST /v1/execute", 401, { path: "/v1/execute", body: CALL }],
  [
    "POST /v1/execute",
    413,
    {
      path: "/v1/execute",
      headers: { authorization, "content-length": String(49 * 2 ** 20), expect: "100-continue" },
    },
  ],
  ["POST /v1/execute", 421, { path: "/v1/execute", headers: rebound }],
  [
    "POST /v1/execute",
    500,
    { path: "/v1/execute", headers: { authorization }, body: CALL },
    new Error("broken"),
  ],
  ["GET /metrics", 200, { path: "/metrics" }],
  ["GET /metrics", 421, { path: "/metrics", headers: rebound }],
  ["GET /metrics", 500, { path: "/metrics" }, new Error("broken")],
  ...["GET", "HEAD"].flatMap((method): Case[] => [
    [`${method} /healthz`, 200, { path: "/healthz" }],
    [`${method} /healthz`, 421, { path: "/healthz", headers: rebound }],
    [`${method} /healthz`, 500, { path: "/healthz" }, new Error("broken")],
    [`${method} ${UI}`, 200, { path: page }],
    [`${method} ${UI}`, 304, { path: page, headers: { "if-none-match": "*" } }],
    [`${method} ${UI}`, 400, { path: `/ext-ui/ext-1/${HASH}/../x` }],
    [`${method} ${UI}`, 404, { path: `/ext-ui/ext-1/${HASH}/missing.js` }],
    [`${method} ${UI}`, 421, { path: page, headers: rebound }],
    [`${method} ${UI}`, 500, { path: page }, new Error("broken")],
    [`${method} ${UI}`, 502, { path: `/ext-ui/ext-1/${BROKEN}/index.html` }],
  ]),
  [`GET ${UI}`, 206, { path: page, headers: { range: "bytes=0-3" } }],
  [`GET ${UI}`, 416, { path: page, headers: { range: "bytes=900-" } }],
];

test.each(EXCHANGES.map((each) => ({ title: `${each[0]} answers ${each[1]}`, each })))(
  "$title as described",
  async ({ each }) => {
    const [operation, status, exchange, failing] = each;
    const [method = "", path = ""] = operation.split(" ");
    fault = failing;
    try {
      const answer = await ask({ ...exchange, method });
      expect(answer.status).toBe(status);
      expect(differencesOf({ method, path }, answer)).toEqual([]);
    } finally {
      fault = undefined;
    }
  },
);

test("every status that is described of the runner is among these", () => {
  const told = describedRoutes("runner").flatMap((route) => {
    const [method = "", path = ""] = route.split(" ");
    return describedStatuses(method, path).map((status) => `${route} ${status}`);
  });
  expect(told.sort()).toEqual(EXCHANGES.map(([route, status]) => `${route} ${status}`).sort());
});

test("every route of the runner is described, and nothing else is answered", async () => {
  const real = Object.entries(RUNNER_ROUTES).flatMap(([path, methods]) =>
    methods.map((method) => `${method} ${path}`),
  );
  expect(UI.startsWith(UI_PREFIX)).toBe(true);
  const ui = ["GET", "HEAD"].map((method) => `${method} ${UI}`);
  expect(describedRoutes("runner").sort()).toEqual([...real, ...ui].sort());
  for (const method of ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]) {
    for (const path of ["/v1/execute", "/healthz", "/metrics", page, "/", "/v1", "/api/openapi.json"]) {
      const known = path === page ? UI : path;
      if (describedRoutes("runner").includes(`${method} ${known}`)) continue;
      const { status } = await ask({ method, path, headers: { authorization } });
      expect([405, 404], `${method} ${path}`).toContain(status);
    }
  }
});
