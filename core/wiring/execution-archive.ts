import { isUtf8 } from "node:buffer";
import type { KeptExchange } from "../contract/execution-exchange.ts";
import type { ExecutionRecording, RecordedRequest } from "../contract/execution-recording.ts";
import { type ExecutionLog, harOf } from "../logs/index.ts";
import { workbenchVersion } from "../platform/version.ts";
import { unknownExecution } from "./unknown-execution.ts";

export interface ExecutionArchive {
  /**
   * An HTTP Archive of these executions. What the record keeps of a call is completed by what the asker kept, and the
   * install's secrets are taken out of all of it.
   * @param ids execution ids or request ids. Errors: `execution_not_found`
   */
  har(ids: readonly string[], gatewayUrl: string, kept?: Readonly<Record<string, KeptExchange>>): string;
}

interface Options {
  readonly executions: Pick<ExecutionLog, "find">;
  readonly recordings: { recording(executionId: string): ExecutionRecording | undefined };
  readonly redact: (installId: string, text: string) => string;
}

export function createExecutionArchive({ executions, recordings, redact }: Options): ExecutionArchive {
  return {
    har(ids, gatewayUrl, kept = {}) {
      const sources = ids.map((id) => {
        const execution = executions.find(id);
        if (execution === undefined) throw unknownExecution(id);
        const exchange =
          (Object.hasOwn(kept, execution.request_id) ? kept[execution.request_id] : undefined) ??
          exchangeOf(recordings.recording(execution.id));
        return {
          execution,
          kept: withoutSecrets(exchange, (text) => redact(execution.install_id, text)),
        };
      });
      return `${JSON.stringify(harOf(sources, gatewayUrl, workbenchVersion()), null, 2)}\n`;
    },
  };
}

/** What the record of a development tenant holds: the request whole, of the answer everything but the body. */
function exchangeOf(recording: ExecutionRecording | undefined): KeptExchange | undefined {
  const { request, response } = recording ?? {};
  if (request === undefined || response === undefined) return undefined;
  const { path, query, headers } = request.http;
  return {
    path: `${path}${query}`,
    request_headers: headers,
    ...bodyOf(request),
    response_headers: response.headers,
    response_bytes: response.body.size,
  };
}

/** An archive has no place for a request's bytes that are no text. */
function bodyOf({
  http,
  body_omitted,
}: RecordedRequest): Pick<KeptExchange, "request_body" | "request_bytes"> {
  if (http.body_b64 === undefined) return { request_bytes: body_omitted?.size ?? 0 };
  const bytes = Buffer.from(http.body_b64, "base64");
  return {
    request_bytes: bytes.byteLength,
    ...(isUtf8(bytes) ? { request_body: bytes.toString("utf8") } : {}),
  };
}

function withoutSecrets(
  exchange: KeptExchange | undefined,
  redact: (text: string) => string,
): KeptExchange | undefined {
  if (exchange === undefined) return undefined;
  const headers = (list: KeptExchange["request_headers"]) =>
    list.map(({ name, value }) => ({ name, value: redact(value) }));
  const { request_body, response_headers, response_body } = exchange;
  return {
    ...exchange,
    path: redact(exchange.path),
    request_headers: headers(exchange.request_headers),
    ...(request_body === undefined ? {} : { request_body: redact(request_body) }),
    ...(response_headers === undefined ? {} : { response_headers: headers(response_headers) }),
    ...(response_body === undefined ? {} : { response_body: redact(response_body) }),
  };
}
