import { z } from "zod";

export const ENDPOINT_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;

/** What may stand in a path: the characters of RFC 3986, without query and fragment. */
const PATH_CHARACTERS = /^\/[A-Za-z0-9\-._~!$&'()*+,;=:@%/]*$/;
const PARAMETER = /^:[A-Za-z_][A-Za-z0-9_-]*$/;
const SCHEDULABLE_METHODS: readonly unknown[] = ["GET", "POST"];

export const endpointSchema = z
  .object({
    method: z.enum(ENDPOINT_METHODS).describe("HTTP method, in capitals."),
    path: z
      .string()
      .refine((path) => pathFault(path) === undefined, {
        error: (issue) => `expected ${pathFault(issue.input)}`,
      })
      .meta({ pattern: PATH_CHARACTERS.source })
      .describe("Path below /api/ext/{extension}. A segment such as :id matches any one segment."),
    handler: z
      .string()
      .min(1)
      .describe("Name of the handler, for people and tools; the component decides by method and path."),
    schedulable: z
      .boolean()
      .optional()
      .describe("May be called by a schedule. Only GET and POST endpoints without path parameters can be."),
  })
  .describe("One route of the extension.");
export type Endpoint = z.infer<typeof endpointSchema>;

/** `/a/:x/b` as `/a/:/b`: two endpoints of one shape answer the same requests. */
export function endpointShape(path: string): string {
  return path
    .split("/")
    .map((segment) => (segment.startsWith(":") ? ":" : segment))
    .join("/");
}

/** Why an endpoint cannot be scheduled, as what was expected instead; looks at raw values. */
export function scheduleFault(endpoint: { method?: unknown; path?: unknown }): string | undefined {
  if (endpoint.method !== undefined && !SCHEDULABLE_METHODS.includes(endpoint.method))
    return "method GET or POST";
  if (typeof endpoint.path === "string" && endpoint.path.includes("/:")) return "a path without parameters";
  return undefined;
}

function pathFault(path: unknown): string | undefined {
  if (typeof path !== "string" || !PATH_CHARACTERS.test(path)) {
    return "a path that starts with / and holds URL characters only";
  }
  const segments = path.split("/").slice(1);
  if (segments.some((segment) => segment === "." || segment === ".."))
    return 'a path without "." or ".." segments';
  if (segments.slice(0, -1).includes("")) return "a path without empty segments";
  const parameters = segments.filter((segment) => segment.startsWith(":"));
  if (!parameters.every((parameter) => PARAMETER.test(parameter))) {
    return "parameters named by letters, digits, _ and -, such as :id";
  }
  return new Set(parameters).size === parameters.length ? undefined : "each parameter once";
}
