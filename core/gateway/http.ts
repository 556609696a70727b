import { type Context, Hono } from "hono";
import { z } from "zod";
import type { Header } from "../contract/execute.ts";
import type { GatewayCall, GatewayResult } from "./call.ts";
import { type PreviewOrigin, previewOriginOnly } from "./cors.ts";

/** Both prefixes are the same door; the second is the preview bridge's. */
const TARGET = /^\/api\/ext(?:-proxy)?\/([^/?#]+)([^?#]*)(\?.*)?$/s;
const NULL_BODY_STATUSES: ReadonlySet<number> = new Set([204, 205, 304]);

/** What the Node adapter adds: the request line and the headers as they came, before anyone normalised them. */
const nodeBindings = z.object({ incoming: z.object({ url: z.string(), rawHeaders: z.array(z.string()) }) });

export function createGatewayApp(
  call: (request: GatewayCall) => Promise<GatewayResult>,
  previewOrigin: PreviewOrigin = () => undefined,
): Hono {
  const app = new Hono();
  const guard = previewOriginOnly(previewOrigin, (context) => toCall(context).extension);
  const handler = async (context: Context) => toResponse(await call(toCall(context)), context.req.raw);
  app.all("/api/ext/*", guard, handler);
  app.all("/api/ext-proxy/*", guard, handler);
  return app;
}

function toCall(context: Context): GatewayCall {
  const request = context.req.raw;
  const bindings = nodeBindings.safeParse(context.env);
  const target = bindings.success ? bindings.data.incoming.url : pathAndQuery(request.url);
  const [, extension, path, query] = TARGET.exec(target) ?? [];
  return {
    extension: decode(extension ?? ""),
    // The same answer without its body, which is cut off where it is sent.
    method: request.method === "HEAD" ? "GET" : request.method,
    // A request line that only became ours by being normalised has no target below an extension: the path rule refuses it.
    target: extension === undefined ? "" : `${path === "" ? "/" : path}${query ?? ""}`,
    headers: bindings.success ? pairs(bindings.data.incoming.rawHeaders) : [...request.headers].map(toHeader),
    body: request.body ?? undefined,
    hangUp: request.signal,
  };
}

function toResponse(result: GatewayResult, request: Request): Response {
  const headers = new Headers(result.headers.map(({ name, value }) => [name, value]));
  // The rest of a refused body is not read, so the connection cannot carry another request.
  const isUnread = result.status === 429 && request.body !== null && !request.bodyUsed;
  if (result.status === 413 || isUnread) headers.set("connection", "close");
  const isHead = request.method === "HEAD";
  if (isHead && !NULL_BODY_STATUSES.has(result.status)) {
    headers.set("content-length", String(result.body.byteLength));
  }
  const body = isHead || NULL_BODY_STATUSES.has(result.status) ? null : new Uint8Array(result.body);
  return new Response(body, { status: result.status, headers });
}

function pathAndQuery(url: string): string {
  const { pathname, search } = new URL(url);
  return pathname + search;
}

/** A reference that cannot be decoded resolves to nothing. */
function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return "";
  }
}

function pairs(raw: readonly string[]): Header[] {
  const headers: Header[] = [];
  for (let index = 0; index + 1 < raw.length; index += 2) {
    headers.push({ name: raw[index] ?? "", value: raw[index + 1] ?? "" });
  }
  return headers;
}

function toHeader([name, value]: [string, string]): Header {
  return { name, value };
}
