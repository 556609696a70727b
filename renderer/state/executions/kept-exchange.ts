import type { KeptExchange } from "../../../core/contract/execution-exchange.ts";
import type { HistoryEntry } from "../requests/history-entry.ts";

/** What this browser kept of a call that was sent from it, as an archive takes it. */
export function keptExchange(entry: HistoryEntry | undefined): KeptExchange | undefined {
  if (entry === undefined) return undefined;
  const { sent, outcome } = entry;
  const request = {
    path: sent.path,
    request_headers: sent.headers,
    ...(sent.body === undefined ? {} : { request_body: sent.body, request_body_cut: sent.body_cut }),
    ...(entry.persona_id === undefined ? {} : { persona_id: entry.persona_id }),
  };
  if (outcome.kind !== "answered") return request;
  return {
    ...request,
    response_headers: outcome.headers,
    response_bytes: outcome.body_bytes,
    ...(outcome.body === undefined ? {} : { response_body: outcome.body }),
  };
}
