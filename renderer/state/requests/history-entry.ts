import { z } from "zod";
import { type Header, headerSchema } from "../../../core/contract/execute.ts";
import { forwardHeaders } from "../../../core/contract/forwarded-headers.ts";
import type { InstalledExtension } from "../../../core/contract/install.ts";
import type { ExchangeState } from "../exchange.ts";
import type { GatewayAnswer } from "../host-api.ts";
import { METHODS, type PreparedRequest, type RequestDraft, requestDraftSchema } from "../request-draft.ts";

/** Of each body this much is kept, in characters as sent and in bytes as received. */
export const MAX_KEPT_BODY = 64 * 1024;
/** In the place of a value that is a credential. */
export const NOT_KEPT = "(not kept)";
const CREDENTIALS: ReadonlySet<string> = new Set([
  "authorization",
  "proxy-authorization",
  "cookie",
  "x-api-key",
]);

const sentSchema = z.object({
  method: z.enum(METHODS),
  path: z.string(),
  headers: z.array(headerSchema),
  body: z.string().optional(),
  body_cut: z.boolean(),
});

const outcomeSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("answered"),
    status: z.number().int(),
    code: z.string().optional(),
    request_id: z.string(),
    execution_id: z.string().optional(),
    duration_ms: z.number(),
    /** What the handler was given: forwarded by the gateway and added by it. Absent when no handler was reached. */
    handler_headers: z.array(headerSchema).optional(),
    headers: z.array(headerSchema),
    body: z.string().optional(),
    body_bytes: z.number().int(),
    body_cut: z.boolean(),
  }),
  z.object({ kind: z.literal("failed"), code: z.string(), message: z.string() }),
  z.object({ kind: z.literal("cancelled") }),
]);

/** One request that was sent, what was typed for it and what became of it. */
export const historyEntrySchema = z.object({
  id: z.string(),
  /** ISO 8601, UTC. */
  at: z.string(),
  install_id: z.string(),
  extension_name: z.string(),
  tenant_id: z.string(),
  persona_id: z.string().optional(),
  draft: requestDraftSchema,
  sent: sentSchema,
  outcome: outcomeSchema,
});
export type HistoryEntry = z.infer<typeof historyEntrySchema>;

export interface HistorySource {
  readonly id: string;
  readonly at: string;
  readonly install: InstalledExtension;
  readonly draft: RequestDraft;
  readonly request: PreparedRequest;
  readonly exchange: ExchangeState;
}

/** What is kept of an exchange that has ended; `undefined` while it has not. Credentials are left out. */
export function historyEntryOf(source: HistorySource): HistoryEntry | undefined {
  const outcome = outcomeOf(source);
  if (outcome === undefined) return undefined;
  const { install, request, draft } = source;
  const body = request.body;
  return {
    id: source.id,
    at: source.at,
    install_id: install.install_id,
    extension_name: install.extension_name,
    tenant_id: install.tenant_id,
    ...(request.caller?.personaId === undefined ? {} : { persona_id: request.caller.personaId }),
    draft: {
      ...draft,
      headers: withoutCredentials(draft.headers),
      body: draft.body.slice(0, MAX_KEPT_BODY),
    },
    sent: {
      method: request.method,
      path: request.path,
      headers: withoutCredentials(request.headers),
      ...(body === undefined ? {} : { body: body.slice(0, MAX_KEPT_BODY) }),
      body_cut: (body?.length ?? 0) > MAX_KEPT_BODY,
    },
    outcome,
  };
}

/** What the handler was given, by the gateway's own rule; nothing when a decision kept the call from it. */
export function handlerHeaders(
  install: InstalledExtension,
  request: PreparedRequest,
  answer: GatewayAnswer,
): Header[] | undefined {
  const wasDispatched = answer.trace.some(
    ({ rule, code }) => rule === "execute" && code !== "runner_unavailable",
  );
  if (!wasDispatched) return undefined;
  return forwardHeaders(request.headers, {
    requestId: answer.request_id,
    tenantId: install.tenant_id,
    extensionId: install.registry_id,
  });
}

function outcomeOf({ exchange, install, request }: HistorySource): HistoryEntry["outcome"] | undefined {
  if (exchange.phase === "cancelled") return { kind: "cancelled" };
  if (exchange.phase === "failed") {
    return { kind: "failed", code: exchange.failure.code, message: exchange.failure.message };
  }
  if (exchange.phase !== "answered") return undefined;
  const { answer } = exchange;
  const given = handlerHeaders(install, request, answer);
  const text = textOf(answer.body.subarray(0, MAX_KEPT_BODY));
  return {
    kind: "answered",
    status: answer.status,
    ...(answer.error ? { code: answer.error.code } : {}),
    request_id: answer.request_id,
    ...(answer.execution_id === undefined ? {} : { execution_id: answer.execution_id }),
    duration_ms: answer.usage.duration_ms,
    ...(given === undefined ? {} : { handler_headers: given }),
    headers: [...answer.headers],
    ...(text === undefined ? {} : { body: text }),
    body_bytes: answer.body.length,
    body_cut: answer.body.length > MAX_KEPT_BODY,
  };
}

function withoutCredentials<Row extends Header>(headers: readonly Row[]): Row[] {
  return headers.map((header) =>
    CREDENTIALS.has(header.name.trim().toLowerCase()) ? { ...header, value: NOT_KEPT } : header,
  );
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    // `stream` lets a character that the cut went through be missing instead of wrong.
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true });
  } catch {
    return undefined;
  }
}
