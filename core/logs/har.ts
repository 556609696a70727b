import type { KeptExchange } from "../contract/execution-exchange.ts";
import type { ExecutionRecord } from "../contract/execution-record.ts";

export interface HarSource {
  readonly execution: ExecutionRecord;
  readonly kept?: KeptExchange | undefined;
}

const UNKNOWN = -1;
/** What a URI cannot hold as it stands (RFC 3986), a `%` that begins no code among it. */
const NOT_IN_URI = /%(?![0-9A-Fa-f]{2})|[^A-Za-z0-9\-._~:/?@!$&'()*+,;=%]/gu;
const CREATOR = "Extension Workbench";

/**
 * Executions as an HTTP Archive 1.2, oldest first. What nobody kept is -1 or empty, as the format asks, and the comment
 * says so. Decisions and usage stand under `_execution`.
 */
export function harOf(sources: readonly HarSource[], gatewayUrl: string, version: string): object {
  const entries = [...sources]
    .sort((one, other) => (one.execution.started_at < other.execution.started_at ? -1 : 1))
    .map((source) => entryOf(source, gatewayUrl));
  return { log: { version: "1.2", creator: { name: CREATOR, version }, pages: [], entries } };
}

function entryOf({ execution, kept }: HarSource, gatewayUrl: string): object {
  const { usage } = execution;
  const duration = Math.max(0, usage?.duration_ms ?? 0);
  return {
    startedDateTime: execution.started_at,
    time: duration,
    request: requestOf(execution, kept, gatewayUrl),
    response: responseOf(execution, kept),
    cache: {},
    timings: { send: 0, wait: duration, receive: 0 },
    ...commentOf(kept),
    _execution: {
      id: execution.id,
      request_id: execution.request_id,
      outcome: execution.outcome,
      content_hash: execution.content_hash,
      ...(usage ? { usage } : {}),
      trace: execution.trace,
    },
  };
}

function commentOf(kept: KeptExchange | undefined): { comment?: string } {
  if (kept === undefined) return { comment: "Neither query, headers nor bodies of this call were kept." };
  const isLeftOut = kept.request_body === undefined && (kept.request_bytes ?? 0) > 0;
  return isLeftOut
    ? { comment: "The request's body is left out: it is no text or was too long to be kept." }
    : {};
}

function requestOf(execution: ExecutionRecord, kept: KeptExchange | undefined, gatewayUrl: string): object {
  const path = kept?.path ?? execution.path;
  const name = encodeURIComponent(execution.extension_name || execution.extension_id);
  const headers = kept?.request_headers ?? [];
  const body = kept?.request_body;
  return {
    method: execution.method,
    url: `${gatewayUrl}/api/ext/${name}${uriText(path)}`,
    httpVersion: "HTTP/1.1",
    cookies: [],
    headers,
    queryString: queryOf(path),
    ...(body === undefined ? {} : { postData: { mimeType: typeOf(headers), text: body } }),
    headersSize: UNKNOWN,
    bodySize: requestBytes(kept),
  };
}

function requestBytes(kept: KeptExchange | undefined): number {
  if (kept === undefined || kept.request_body_cut === true) return UNKNOWN;
  return kept.request_bytes ?? Buffer.byteLength(kept.request_body ?? "");
}

/** Paths of refused calls are as they came, and what stands for a secret is no part of a URI either. */
function uriText(path: string): string {
  return path.toWellFormed().replace(NOT_IN_URI, (character) => encodeURIComponent(character));
}

function responseOf(execution: ExecutionRecord, kept: KeptExchange | undefined): object {
  const headers = kept?.response_headers ?? [];
  return {
    status: execution.status ?? 0,
    statusText: execution.code ?? "",
    httpVersion: "HTTP/1.1",
    cookies: [],
    headers,
    content: {
      size: kept?.response_bytes ?? 0,
      mimeType: typeOf(headers),
      ...(kept?.response_body === undefined ? {} : { text: kept.response_body }),
    },
    redirectURL: "",
    headersSize: UNKNOWN,
    bodySize: kept?.response_bytes ?? UNKNOWN,
  };
}

function typeOf(headers: KeptExchange["request_headers"]): string {
  return headers.find(({ name }) => name.toLowerCase() === "content-type")?.value ?? "";
}

function queryOf(path: string): { name: string; value: string }[] {
  const query = path.includes("?") ? path.slice(path.indexOf("?") + 1) : "";
  return [...new URLSearchParams(query)].map(([name, value]) => ({ name, value }));
}
