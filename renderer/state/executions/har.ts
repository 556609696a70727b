import type { ExecutionRecord } from "../../../core/contract/execution-record.ts";
import type { HistoryEntry } from "../requests/history-entry.ts";

export interface HarSource {
  readonly execution: ExecutionRecord;
  /** What this browser kept of the request, if it was sent from here. */
  readonly kept?: HistoryEntry | undefined;
}

export interface HarCreator {
  readonly name: string;
  readonly version: string;
}

const UNKNOWN = -1;

/**
 * Executions as an HTTP Archive 1.2. The execution log holds neither query, headers nor bodies; they are there when the
 * request was sent from this browser. What is not known is -1 or empty, as the format asks, and the comment says so.
 */
export function harOf(sources: readonly HarSource[], gatewayUrl: string, creator: HarCreator): string {
  const entries = sources.map((source) => entryOf(source, gatewayUrl));
  return `${JSON.stringify({ log: { version: "1.2", creator, pages: [], entries } }, null, 2)}\n`;
}

function entryOf({ execution, kept }: HarSource, gatewayUrl: string): object {
  const { usage } = execution;
  const answer = kept?.outcome.kind === "answered" ? kept.outcome : undefined;
  const path = kept?.sent.path ?? execution.path;
  const url = `${gatewayUrl}/api/ext/${encodeURIComponent(execution.extension_name || execution.extension_id)}${path}`;
  const headers = kept?.sent.headers ?? [];
  const type = (list: readonly { name: string; value: string }[]): string =>
    list.find(({ name }) => name.toLowerCase() === "content-type")?.value ?? "";
  const duration = usage?.duration_ms ?? UNKNOWN;
  return {
    startedDateTime: execution.started_at,
    time: Math.max(0, duration),
    request: {
      method: execution.method,
      url,
      httpVersion: "HTTP/1.1",
      cookies: [],
      headers,
      queryString: queryOf(path),
      ...(kept?.sent.body === undefined
        ? {}
        : { postData: { mimeType: type(headers), text: kept.sent.body } }),
      headersSize: UNKNOWN,
      bodySize: kept ? new TextEncoder().encode(kept.sent.body ?? "").length : UNKNOWN,
    },
    response: {
      status: execution.status ?? 0,
      statusText: execution.code ?? "",
      httpVersion: "HTTP/1.1",
      cookies: [],
      headers: answer?.headers ?? [],
      content: {
        size: answer?.body_bytes ?? 0,
        mimeType: type(answer?.headers ?? []),
        ...(answer?.body === undefined ? {} : { text: answer.body }),
      },
      redirectURL: "",
      headersSize: UNKNOWN,
      bodySize: answer?.body_bytes ?? UNKNOWN,
    },
    cache: {},
    timings: { send: 0, wait: Math.max(0, duration), receive: 0 },
    ...(kept ? {} : { comment: "The execution log keeps no query, headers or bodies." }),
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

function queryOf(path: string): { name: string; value: string }[] {
  const query = path.split("?")[1] ?? "";
  return [...new URLSearchParams(query)].map(([name, value]) => ({ name, value }));
}
