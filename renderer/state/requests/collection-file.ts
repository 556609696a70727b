import { z } from "zod";
import { METHODS, type RequestDraft } from "../request-draft.ts";

/** Folder of the project in which collections lie: `requests/<collection>/<request>.json`. */
export const COLLECTION_FOLDER = "requests";

const fileSchema = z.strictObject({
  version: z.literal(1),
  name: z.string().min(1).max(128),
  method: z.enum(METHODS),
  path: z.string(),
  params: z.record(z.string(), z.string()).optional(),
  headers: z
    .array(z.strictObject({ name: z.string(), value: z.string(), enabled: z.boolean().optional() }))
    .optional(),
  /** Line by line, so that a change of one line is a change of one line. */
  body: z.array(z.string()).optional(),
});

/** A request of a collection. */
export interface SavedRequest {
  readonly collection: string;
  readonly name: string;
  /** In the project. */
  readonly file: string;
  /** Of the file as it was read. */
  readonly revision: string;
  readonly draft: RequestDraft;
}

/** The file's text: keys in a fixed order, nothing that is empty, one line a header and one a line of the body. */
export function collectionFileText(name: string, draft: RequestDraft): string {
  const headers = draft.headers
    .filter((row) => row.name !== "" || row.value !== "")
    .map(({ name: header, value, enabled }) => ({ name: header, value, ...(enabled ? {} : { enabled }) }));
  const params = Object.entries(draft.params).filter(([, value]) => value !== "");
  params.sort(([one], [other]) => (one < other ? -1 : 1));
  const file: z.infer<typeof fileSchema> = {
    version: 1,
    name,
    method: draft.method,
    path: draft.path,
    ...(params.length === 0 ? {} : { params: Object.fromEntries(params) }),
    ...(headers.length === 0 ? {} : { headers }),
    ...(draft.body === "" ? {} : { body: draft.body.split("\n") }),
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}

/** Reads such a file; `undefined` for what is none. */
export function readCollectionFile(text: string): { name: string; draft: RequestDraft } | undefined {
  const parsed = fileSchema.safeParse(parse(text));
  if (!parsed.success) return undefined;
  const { name, method, path, params = {}, headers = [], body = [] } = parsed.data;
  return {
    name,
    draft: {
      method,
      path,
      params,
      headers: headers.map((row) => ({ ...row, enabled: row.enabled ?? true })),
      body: body.join("\n"),
    },
  };
}

/** A name of a file that every system takes. `undefined` when nothing of the text is left. */
export function fileNameOf(name: string): string | undefined {
  const slug = name
    .normalize("NFKD")
    .replace(/[^A-Za-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 64)
    .toLowerCase();
  return slug === "" ? undefined : slug;
}

/** `requests/<collection>/<file>.json` in its parts. */
export function collectionOf(path: string): string | undefined {
  return /^requests\/([^/]+)\/[^/]+\.json$/.exec(path)?.[1];
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
