import { z } from "zod";
import type { Header } from "../../core/contract/execute.ts";
import { type Endpoint, endpointSchema } from "../../core/contract/manifest.ts";

export const METHODS = endpointSchema.shape.method.options;
export type Method = (typeof METHODS)[number];

/** A request as it is typed: nothing in it has been checked yet. */
export const requestDraftSchema = z.object({
  method: z.enum(METHODS),
  /** Path with its query, as the extension sees it. */
  path: z.string(),
  /** One `name: value` a line. */
  headers: z.string(),
  body: z.string(),
});
export type RequestDraft = z.infer<typeof requestDraftSchema>;

export const EMPTY_DRAFT: RequestDraft = { method: "GET", path: "/", headers: "", body: "" };

/** A request that can be sent. */
export interface PreparedRequest {
  readonly method: Method;
  readonly path: string;
  readonly headers: readonly Header[];
  readonly body?: string;
}

/** What keeps a draft from being sent, by the field it is in. */
export interface DraftProblems {
  readonly path?: string;
  readonly headers?: string;
}

export type Preparation =
  | { readonly ok: true; readonly request: PreparedRequest }
  | { readonly ok: false; readonly problems: DraftProblems };

/** The characters of a header's name (RFC 9110, token). */
const HEADER_LINE = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(.*)$/;

export function carriesBody(method: Method): boolean {
  return method !== "GET";
}

/** Draft for an endpoint of the manifest; what was typed into headers and body stays. */
export function draftFor(endpoint: Pick<Endpoint, "method" | "path">, previous: RequestDraft): RequestDraft {
  return { ...previous, method: endpoint.method, path: endpoint.path };
}

/** Checks what the gateway would refuse anyway, where the mistake was made. */
export function prepare(draft: RequestDraft): Preparation {
  const headers = parseHeaders(draft.headers);
  const problems: DraftProblems = {
    ...pathProblem(draft.path),
    ...("problem" in headers ? { headers: headers.problem } : {}),
  };
  if (Object.keys(problems).length > 0 || "problem" in headers) return { ok: false, problems };
  const body = carriesBody(draft.method) && draft.body !== "" ? { body: draft.body } : {};
  return { ok: true, request: { method: draft.method, path: draft.path, headers: headers.list, ...body } };
}

function pathProblem(path: string): DraftProblems {
  if (!path.startsWith("/")) return { path: "A path starts with a slash." };
  const open = path
    .split("?")[0]
    ?.split("/")
    .find((segment) => segment.startsWith(":"));
  return open === undefined ? {} : { path: `Put a value in the place of ${open}.` };
}

function parseHeaders(text: string): { list: Header[] } | { problem: string } {
  const list: Header[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    const [, name, value] = HEADER_LINE.exec(line.trim()) ?? [];
    if (name === undefined || value === undefined)
      return { problem: `Line ${index + 1} is not "name: value".` };
    list.push({ name, value });
  }
  return { list };
}
