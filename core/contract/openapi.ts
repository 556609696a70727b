import { z } from "zod";
import {
  finalizeBodySchema,
  finalizeResponseSchema,
  installBodySchema,
  installResponseSchema,
  uninstallBodySchema,
  uninstallResponseSchema,
  uploadQuerySchema,
  uploadResponseSchema,
} from "./control-api.ts";
import { ENDPOINT_METHODS } from "./endpoint.ts";
import { errorBodySchema } from "./errors.ts";
import { executeRequestSchema, executeResponseSchema } from "./execute.ts";
import { GATEWAY_STATUS } from "./gateway-errors.ts";
import { liveQuerySchema } from "./live-stream.ts";
import { runnerHealthSchema } from "./runner-health.ts";

/** Bytes of any type, or text that no schema describes. */
type Media = z.ZodType | "bytes" | "text";

interface Operation {
  readonly method: string;
  /** As OpenAPI writes it: `/api/ext/{extension}/{path}`. */
  readonly path: string;
  readonly servers: readonly ("host" | "runner")[];
  readonly summary: string;
  readonly security: readonly ("apiKey" | "bearer" | "serviceToken")[];
  readonly query?: z.ZodObject;
  readonly headers?: readonly string[];
  readonly body?: { readonly type: string; readonly schema: Media };
  readonly answers: Readonly<Record<string, { readonly type: string; readonly schema: Media } | undefined>>;
  /** Statuses that carry the common error body. */
  readonly failures: readonly number[];
}

const json = (schema: z.ZodType) => ({ type: "application/json", schema }) as const;
const EVERY_CALLER = ["apiKey", "bearer"] as const;
const CONTROL_FAILURES = [400, 401, 403, 404, 409, 413, 415, 421, 422, 500, 503];
/** A method that gets 405 is not described. */
const GATEWAY_FAILURES = [...new Set([...Object.values(GATEWAY_STATUS), 421])]
  .filter((status) => status !== GATEWAY_STATUS.method_not_allowed)
  .sort((a, b) => a - b);

const GATEWAY: readonly Operation[] = ["ext", "ext-proxy"].flatMap((door) =>
  [...ENDPOINT_METHODS, "HEAD"].map((method) => ({
    method,
    path: `/api/${door}/{extension}/{path}`,
    servers: ["host"] as const,
    summary:
      door === "ext" ? "Calls an extension." : "Calls an extension; the same door for the preview bridge.",
    security: EVERY_CALLER,
    headers: ["x-request-id", "x-idempotency-key", "x-tenant-id", "x-alga-tenant"],
    ...(method === "GET" || method === "HEAD" ? {} : { body: { type: "*/*", schema: "bytes" as const } }),
    answers: { "2XX": { type: "*/*", schema: "bytes" as const } },
    failures: GATEWAY_FAILURES,
  })),
);

const OPERATIONS: readonly Operation[] = [
  ...GATEWAY,
  {
    method: "POST",
    path: "/api/ext-bundles/upload-proxy",
    servers: ["host"],
    summary: "Uploads an archive, which waits to be finalized.",
    security: EVERY_CALLER,
    headers: ["x-tenant-id"],
    query: uploadQuerySchema,
    body: { type: "application/octet-stream", schema: "bytes" },
    answers: { 200: json(uploadResponseSchema) },
    failures: CONTROL_FAILURES,
  },
  {
    method: "POST",
    path: "/api/ext-bundles/finalize",
    servers: ["host"],
    summary: "Verifies and publishes an uploaded archive.",
    security: EVERY_CALLER,
    headers: ["x-tenant-id"],
    body: json(finalizeBodySchema),
    answers: { 200: json(finalizeResponseSchema) },
    failures: CONTROL_FAILURES,
  },
  {
    method: "POST",
    path: "/api/v1/extensions/install",
    servers: ["host"],
    summary: "Installs a version for the tenant, or moves its install to it.",
    security: EVERY_CALLER,
    headers: ["x-tenant-id"],
    body: json(installBodySchema),
    answers: { 202: json(installResponseSchema) },
    failures: CONTROL_FAILURES,
  },
  {
    method: "POST",
    path: "/api/v1/extensions/uninstall",
    servers: ["host"],
    summary: "Removes the tenant's install.",
    security: EVERY_CALLER,
    headers: ["x-tenant-id"],
    body: json(uninstallBodySchema),
    answers: { 200: json(uninstallResponseSchema) },
    failures: CONTROL_FAILURES,
  },
  {
    method: "GET",
    path: "/api/ext-debug/stream",
    servers: ["host"],
    summary: "Lines, executions and decisions as server-sent events.",
    security: EVERY_CALLER,
    headers: ["x-tenant-id", "last-event-id"],
    query: liveQuerySchema,
    answers: { 200: { type: "text/event-stream", schema: "text" } },
    failures: [400, 401, 403, 404, 421, 500],
  },
  {
    method: "GET",
    path: "/api/openapi.json",
    servers: ["host"],
    summary: "This document.",
    security: [],
    answers: { 200: json(z.looseObject({ openapi: z.string() })) },
    failures: [421],
  },
  {
    method: "GET",
    path: "/metrics",
    servers: ["host", "runner"],
    summary: "What the host or the runner counts, for Prometheus.",
    security: [],
    answers: { 200: { type: "text/plain", schema: "text" } },
    failures: [421, 500],
  },
  {
    method: "POST",
    path: "/preview-reports/{key}",
    servers: ["host"],
    summary: "Violations of a previewed page's content policy, as browsers report them.",
    security: [],
    body: { type: "*/*", schema: "bytes" },
    answers: { 204: undefined },
    failures: [421],
  },
  {
    method: "POST",
    path: "/v1/execute",
    servers: ["runner"],
    summary: "Executes one call of an extension under limits.",
    security: ["serviceToken"],
    body: json(executeRequestSchema),
    answers: { 200: json(executeResponseSchema) },
    failures: [400, 401, 413, 421, 500],
  },
  ...["GET", "HEAD"].map((method) => ({
    method,
    path: "/ext-ui/{extension}/{contentHash}/{path}",
    servers: ["runner"] as const,
    summary: "A file of an installed extension's page, from the extension's own origin.",
    security: [],
    headers: ["if-none-match", "range", "if-range"],
    answers: {
      200: { type: "*/*", schema: "bytes" as const },
      // A part is for a reader, and a HEAD has none.
      ...(method === "GET" ? { 206: { type: "*/*", schema: "bytes" as const } } : {}),
      304: undefined,
    },
    failures: method === "GET" ? [400, 404, 416, 421, 500, 502] : [400, 404, 421, 500, 502],
  })),
  ...["GET", "HEAD"].map((method) => ({
    method,
    path: "/healthz",
    servers: ["runner"] as const,
    summary: "How the runner is.",
    security: [],
    answers: { 200: json(runnerHealthSchema) },
    failures: [421, 500],
  })),
];

/** The HTTP interfaces of host and runner as an OpenAPI 3.1 document: its schemas are those that we validate by. */
export function openApiDocument(): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const operation of OPERATIONS) {
    paths[operation.path] = {
      ...paths[operation.path],
      [operation.method.toLowerCase()]: described(operation),
    };
  }
  return {
    openapi: "3.1.0",
    info: { title: "Extension Workbench", version: "1" },
    paths,
    components: {
      securitySchemes: {
        apiKey: { type: "apiKey", in: "header", name: "x-api-key" },
        bearer: { type: "http", scheme: "bearer" },
        serviceToken: { type: "http", scheme: "bearer" },
      },
      schemas: { Error: schemaOf(errorBodySchema, "output") },
    },
  };
}

function described(operation: Operation): object {
  const { summary, path, servers, security, query, headers = [], body, answers, failures } = operation;
  const parameters = [
    ...[...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
      name,
      in: "path",
      required: true,
      schema: { type: "string" },
    })),
    ...Object.entries(query?.shape ?? {}).map(([name, schema]) => ({
      name,
      in: "query",
      required: !z.safeParse(schema, undefined).success,
      schema: schemaOf(schema, "input"),
    })),
    ...headers.map((name) => ({ name, in: "header", required: false, schema: { type: "string" } })),
  ];
  const content = { "application/json": { schema: { $ref: "#/components/schemas/Error" } } };
  return {
    summary,
    tags: [...servers],
    security: security.length === 0 ? [] : security.map((name) => ({ [name]: [] })),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined
      ? {}
      : { requestBody: { content: { [body.type]: mediaOf(body.schema, "input") } } }),
    responses: {
      ...Object.fromEntries(
        Object.entries(answers).map(([status, answer]) => [
          status,
          {
            description: summary,
            ...(answer === undefined ? {} : { content: { [answer.type]: mediaOf(answer.schema, "output") } }),
          },
        ]),
      ),
      ...Object.fromEntries(
        failures.map((status) => [status, { description: "Refused or failed.", content }]),
      ),
    },
  };
}

function mediaOf(schema: Media, io: "input" | "output"): object {
  if (schema === "bytes") return {};
  return { schema: schema === "text" ? { type: "string" } : schemaOf(schema, io) };
}

function schemaOf(schema: z.core.$ZodType, io: "input" | "output"): object {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    io,
    target: "draft-2020-12",
    reused: "inline",
    unrepresentable: "any",
  });
  return rest;
}
