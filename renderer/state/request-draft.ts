import { z } from "zod";
import type { Header } from "../../core/contract/execute.ts";
import { type Endpoint, endpointSchema } from "../../core/contract/manifest.ts";
import { createSubstitution, type Variables } from "./requests/variables.ts";

export const METHODS = endpointSchema.shape.method.options;
export type Method = (typeof METHODS)[number];

const headerRowSchema = z.object({ name: z.string(), value: z.string(), enabled: z.boolean() });
/** One header as it is typed; a row that is switched off stays and is not sent. */
export type HeaderRow = z.infer<typeof headerRowSchema>;

/** A request as it is typed: nothing in it has been checked yet, and `{{name}}` stands for a variable anywhere. */
export const requestDraftSchema = z.object({
  method: z.enum(METHODS),
  /** Path with its query, as the extension sees it. A segment such as `:id` is filled from `params`. */
  path: z.string(),
  params: z.record(z.string(), z.string()),
  headers: z.array(headerRowSchema),
  body: z.string(),
});
export type RequestDraft = z.infer<typeof requestDraftSchema>;

export const EMPTY_DRAFT: RequestDraft = { method: "GET", path: "/", params: {}, headers: [], body: "" };

/** A request that can be sent. */
export interface PreparedRequest {
  readonly method: Method;
  readonly path: string;
  readonly headers: readonly Header[];
  readonly body?: string;
  /** Whom it is sent as; absent: the host's default tenant and its default persona. */
  readonly caller?: { readonly tenantId: string; readonly personaId?: string };
}

/** What keeps a draft from being sent, by the field it is in. */
export interface DraftProblems {
  readonly path?: string;
  readonly headers?: string;
  readonly body?: string;
}

export type Preparation =
  | { readonly ok: true; readonly request: PreparedRequest }
  | { readonly ok: false; readonly problems: DraftProblems };

/** The characters of a header's name (RFC 9110, token). */
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
// Control characters would end the header; the gateway refuses them too.
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

export function carriesBody(method: Method): boolean {
  return method !== "GET";
}

/** Draft for an endpoint of the manifest; what was typed into headers and body stays. */
export function draftFor(endpoint: Pick<Endpoint, "method" | "path">, previous: RequestDraft): RequestDraft {
  return { ...previous, method: endpoint.method, path: endpoint.path };
}

/** Names of the `:parameters` in a path, in order, each once. */
export function pathParameters(path: string): readonly string[] {
  const segments = pathOnly(path).split("/");
  return [
    ...new Set(segments.filter((segment) => /^:[A-Za-z_]/.test(segment)).map((segment) => segment.slice(1))),
  ];
}

/** Fills in what stands for something else and checks what the gateway would refuse anyway, where the mistake was made. */
export function prepare(draft: RequestDraft, variables: Variables = {}): Preparation {
  const path = preparePath(draft, variables);
  const headers = prepareHeaders(draft.headers, variables);
  const body = createSubstitution(variables);
  const text = carriesBody(draft.method) ? body.fill(draft.body) : "";
  const problems: DraftProblems = {
    ...("problem" in path ? { path: path.problem } : {}),
    ...("problem" in headers ? { headers: headers.problem } : {}),
    ...(body.problem() === undefined ? {} : { body: body.problem() ?? "" }),
  };
  if ("problem" in path || "problem" in headers || Object.keys(problems).length > 0) {
    return { ok: false, problems };
  }
  return {
    ok: true,
    request: {
      method: draft.method,
      path: path.text,
      headers: headers.list,
      ...(text === "" ? {} : { body: text }),
    },
  };
}

function pathOnly(path: string): string {
  return path.split("?")[0] ?? "";
}

function preparePath(draft: RequestDraft, variables: Variables): { text: string } | { problem: string } {
  const substitution = createSubstitution(variables);
  const plain = pathOnly(draft.path);
  const query = draft.path.slice(plain.length);
  const open: string[] = [];
  const segments = plain.split("/").map((segment) => {
    if (!segment.startsWith(":")) return substitution.fill(segment);
    const value = substitution.fill(draft.params[segment.slice(1)] ?? "");
    if (value === "") open.push(segment);
    return encodeURIComponent(value);
  });
  const text = segments.join("/") + substitution.fill(query);
  const missing = substitution.problem();
  if (missing !== undefined) return { problem: missing };
  if (!text.startsWith("/")) return { problem: "A path starts with a slash." };
  return open[0] === undefined ? { text } : { problem: `Put a value in the place of ${open[0]}.` };
}

function prepareHeaders(
  rows: readonly HeaderRow[],
  variables: Variables,
): { list: Header[] } | { problem: string } {
  const list: Header[] = [];
  const substitution = createSubstitution(variables);
  for (const [index, row] of rows.entries()) {
    if (!row.enabled || (row.name.trim() === "" && row.value === "")) continue;
    const name = substitution.fill(row.name.trim());
    const value = substitution.fill(row.value).trim();
    const missing = substitution.problem();
    if (missing !== undefined) return { problem: missing };
    if (!HEADER_NAME.test(name)) return { problem: `Row ${index + 1} has no name that a header can have.` };
    if (!HEADER_VALUE.test(value)) {
      return { problem: `Row ${index + 1} has a value that a header cannot carry.` };
    }
    list.push({ name, value });
  }
  return { list };
}
