import { Ajv2020 } from "ajv/dist/2020.js";
import { z } from "zod";
import { openApiDocument } from "../../core/contract/openapi.ts";

const operationSchema = z.looseObject({
  tags: z.array(z.string()),
  responses: z.record(z.string(), z.looseObject({ content: z.record(z.string(), z.unknown()).optional() })),
});
const documentSchema = z.looseObject({
  paths: z.record(z.string(), z.record(z.string(), operationSchema)),
});

/** `resources/openapi.json` as tests hold live answers against it. */
export const described = documentSchema.parse(openApiDocument());

/** `METHOD /path` of every operation of a server that the document tells of. */
export function describedRoutes(server: "host" | "runner"): string[] {
  return Object.entries(described.paths).flatMap(([path, operations]) =>
    Object.entries(operations)
      .filter(([, { tags }]) => tags.includes(server))
      .map(([method]) => `${method.toUpperCase()} ${path}`),
  );
}

const ajv = new Ajv2020({ strict: false, validateFormats: false });
ajv.addSchema(openApiDocument(), "openapi");

/**
 * What the document says against an answer: a status that is not described, or a body of JSON that is not what its schema
 * says. Empty when it agrees. A class of statuses (`2XX`) describes each of them.
 */
export function differencesOf(
  operation: { readonly method: string; readonly path: string },
  answer: { readonly status: number; readonly type: string; readonly body: string },
): string[] {
  const { method, path } = operation;
  const responses = described.paths[path]?.[method.toLowerCase()]?.responses ?? {};
  const key = [String(answer.status), `${Math.floor(answer.status / 100)}XX`].find(
    (each) => each in responses,
  );
  if (key === undefined) return [`${method} ${path} answers ${answer.status}, which is not described`];
  const content = responses[key]?.content ?? {};
  if (!("application/json" in content) || method === "HEAD") return [];
  if (!answer.type.startsWith("application/json"))
    return [`${answer.status} came as ${answer.type}, not as JSON`];
  const pointer = [
    "paths",
    path,
    method.toLowerCase(),
    "responses",
    key,
    "content",
    "application/json",
    "schema",
  ]
    .map((part) => encodeURIComponent(part.replaceAll("~", "~0").replaceAll("/", "~1")))
    .join("/");
  const validate = ajv.compile({ $ref: `openapi#/${pointer}` });
  return validate(JSON.parse(answer.body)) ? [] : [`${answer.status}: ${JSON.stringify(validate.errors)}`];
}

/** Statuses that are described of an operation, classes as they are written. */
export function describedStatuses(method: string, path: string): string[] {
  return Object.keys(described.paths[path]?.[method.toLowerCase()]?.responses ?? {});
}
