import type { ServerResponse } from "node:http";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { type Context, Hono } from "hono";
import type { Header } from "../contract/execute.ts";
import { KIB } from "../contract/limits.ts";
import type { Ids } from "../platform/ids.ts";
import { type NodeExchange, nodeExchange } from "../platform/node-exchange.ts";
import type { GatewayCall, GatewayResult } from "./call.ts";
import { crossOrigin, type PreviewOrigin } from "./cors.ts";
import { requestIdOf } from "./request-id.ts";

/** Both prefixes are the same door; the second is the preview bridge's. */
const TARGET = /^\/api\/ext(?:-proxy)?\/([^/?#]+)([^?#]*)(\?.*)?$/s;
const NULL_BODY_STATUSES: ReadonlySet<number> = new Set([204, 205, 304]);
const PLAIN_TEXT: Header = { name: "content-type", value: "text/plain; charset=UTF-8" };
/** Copying more than this twice costs more than a second piece. */
const MAX_JOINED_BYTES = 16 * KIB;
const BODILESS_METHODS: ReadonlySet<string> = new Set(["GET", "HEAD"]);

export function createGatewayApp(
  call: (request: GatewayCall) => Promise<GatewayResult>,
  ids: Pick<Ids, "timeOrdered">,
  previewOrigin: PreviewOrigin = () => undefined,
): Hono {
  const app = new Hono();
  const handler = async (context: Context) => {
    const node = nodeExchange(context.env);
    const request = toCall(context, node);
    const { isPreflight, headers } = crossOrigin(context.req, previewOrigin, request.extension);
    const answer = isPreflight
      ? {
          status: 204,
          headers: [...headers, { name: "x-request-id", value: requestIdOf(request, ids) }],
          body: null,
        }
      : toAnswer(await call(request), request, context.req.raw, headers);
    return node === undefined ? toResponse(answer) : send(answer, node.outgoing);
  };
  app.all("/api/ext/*", handler);
  app.all("/api/ext-proxy/*", handler);
  return app;
}

function toCall(context: Context, node: NodeExchange | undefined): GatewayCall {
  const request = context.req.raw;
  const target = node?.incoming.url ?? pathAndQuery(request.url);
  const [, extension, path, query] = TARGET.exec(target) ?? [];
  return {
    extension: decode(extension ?? ""),
    // The same answer without its body, which is cut off where it is sent.
    method: request.method === "HEAD" ? "GET" : request.method,
    // A request line that only became ours by being normalised has no target below an extension: the path rule refuses it.
    target: extension === undefined ? "" : `${path === "" ? "/" : path}${query ?? ""}`,
    headers: node === undefined ? [...request.headers].map(toHeader) : pairs(node.incoming.rawHeaders),
    // Asked for when it is to be read: asking makes a whole `Request` and begins to read, and what nobody has begun to read
    // the adapter can read away after a refusal, so that the connection can carry another request.
    get body() {
      return BODILESS_METHODS.has(request.method) ? undefined : (request.body ?? undefined);
    },
    hangUp: request.signal,
  };
}

interface Answer {
  readonly status: number;
  readonly headers: readonly Header[];
  readonly body: Uint8Array | null;
}

function toAnswer(
  result: GatewayResult,
  call: GatewayCall,
  request: Request,
  added: readonly Header[],
): Answer {
  const { status, body } = result;
  const headers = [...result.headers, ...added];
  // The rest of a refused body is not read, so the connection cannot carry another request.
  const isUnread = status === 429 && call.body !== undefined && !request.bodyUsed;
  if (status === 413 || isUnread) headers.push({ name: "connection", value: "close" });
  if (NULL_BODY_STATUSES.has(status)) return { status, headers, body: null };
  // Nobody may guess: without a type the body is text that no program interprets.
  if (!headers.some(({ name }) => name === "content-type")) headers.push(PLAIN_TEXT);
  headers.push({ name: "content-length", value: String(body.byteLength) });
  return { status, headers, body: request.method === "HEAD" ? null : body };
}

/** Without a socket. */
function toResponse({ status, headers, body }: Answer): Response {
  return new Response(body === null ? null : new Uint8Array(body), {
    status,
    headers: headers.map(({ name, value }): [string, string] => [name, value]),
  });
}

/** Straight to the socket: a `Response` on the way would make a stream of the body and read it again. */
function send({ status, headers, body }: Answer, outgoing: ServerResponse): Response {
  outgoing.writeHead(
    status,
    headers.flatMap(({ name, value }) => [name, value]),
  );
  if (body === null || body.byteLength === 0) outgoing.end();
  // As text of one byte a character, a small body leaves in one piece with its headers.
  else if (body.byteLength <= MAX_JOINED_BYTES) outgoing.end(latin1(body), "latin1");
  else outgoing.end(body);
  return RESPONSE_ALREADY_SENT;
}

function latin1({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString("latin1");
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
