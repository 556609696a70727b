import { hash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { ExecuteRequest, ExecuteResponse } from "../contract/execute.ts";
import type { ExecutionJournal, HostCallRecord, JournalMode } from "../contract/execution-journal.ts";
import {
  MAX_RECORDED_BODY_BYTES,
  type RecordedRequest,
  type RecordedResponse,
} from "../contract/execution-recording.ts";
import type { SecretText } from "../platform/secret-text.ts";

/** Every text in a recorded value with its secrets replaced. Digests are no text of anybody's. */
function redacted<T>(value: T, secrets: SecretText): T {
  const redact = (item: unknown): unknown => {
    if (typeof item === "string") return secrets.redact(item);
    if (Array.isArray(item)) return item.map(redact);
    if (typeof item !== "object" || item === null || "$digest" in item) return item;
    return Object.fromEntries(Object.entries(item).map(([name, inner]) => [name, redact(inner)]));
  };
  // The same shape as what went in: only texts change, into texts.
  return secrets.isEmpty ? value : (redact(value) as T);
}

/** A request as it may be kept. */
export function recordedRequest(request: ExecuteRequest, secrets: SecretText): RecordedRequest {
  const { secret_envelope: _sealed, journal: _mode, replay: _replay, ...kept } = request;
  const { body_b64, method, ...given } = request.http;
  const http = redacted(given, secrets);
  const config = redacted(request.context.config, secrets);
  const body = body_b64 === undefined ? undefined : Buffer.from(body_b64, "base64");
  const bodyHasSecret = body !== undefined && holdsSecret(body, secrets);
  const isChanged =
    !secrets.isEmpty && JSON.stringify([http, config]) !== JSON.stringify([given, request.context.config]);
  const keepsBody = body !== undefined && body.byteLength <= MAX_RECORDED_BODY_BYTES && !bodyHasSecret;
  return {
    ...kept,
    context: { ...request.context, config },
    http: { method, ...http, ...(keepsBody ? { body_b64 } : {}) },
    ...(body === undefined || keepsBody ? {} : { body_omitted: bodyDigest(body, secrets) }),
    ...(isChanged || bodyHasSecret ? { redacted: true } : {}),
  };
}

/** A response as it may be kept: of its body size and digest, which is all that a comparison needs. */
export function recordedResponse(response: ExecuteResponse, secrets: SecretText): RecordedResponse {
  return {
    status: response.status,
    headers: redacted(response.headers, secrets),
    body: bodyDigest(Buffer.from(response.body_b64 ?? "", "base64"), secrets),
    ...(response.error === undefined
      ? {}
      : { error: { code: response.error.code, message: response.error.message } }),
  };
}

/** A journal as it may be kept: whoever made it, no secret is in it, nor more than was asked for. */
export function recordedJournal(
  journal: ExecutionJournal,
  mode: JournalMode,
  secrets: SecretText,
): ExecutionJournal {
  const plain: ExecutionJournal = {
    ...journal,
    calls: journal.calls.map((call) => redactedCall(call, secrets)),
  };
  if (mode === "full" || plain.mode === "digest") return plain;
  const { wall_clock_ms: _clock, random_seed_b64: _seed, ...rest } = plain;
  return {
    ...rest,
    mode: "digest",
    calls: plain.calls.map(({ result, ...call }) => ({
      ...call,
      arguments: call.arguments.map(digest),
      ...(result === undefined ? {} : { result: digest(result) }),
    })),
  };
}

function redactedCall(call: HostCallRecord, secrets: SecretText): HostCallRecord {
  if (secrets.isEmpty) return call;
  const { result, message, ...rest } = call;
  const given = redacted(call.arguments, secrets);
  const returned = redacted(result, secrets);
  const halves = new Set(call.redacted);
  if (!isDeepStrictEqual(given, call.arguments)) halves.add("arguments");
  if (!isDeepStrictEqual(returned, result)) halves.add("result");
  return {
    ...rest,
    arguments: given,
    ...(returned === undefined ? {} : { result: returned }),
    ...(message === undefined ? {} : { message: secrets.redact(message) }),
    ...(halves.size === 0 ? {} : { redacted: [...halves] }),
  };
}

function digest(value: unknown): unknown {
  const text = JSON.stringify(value);
  return { $digest: { kind: "value", ...sizeAndHash(Buffer.from(text)) } };
}

function bodyDigest(body: Buffer, secrets: SecretText) {
  // What holds a secret is not hashed either: a secret that can be guessed could be found by its hash.
  return holdsSecret(body, secrets)
    ? sizeAndHash(Buffer.from(secrets.redact(body.toString())))
    : sizeAndHash(body);
}

function holdsSecret(body: Buffer, secrets: SecretText): boolean {
  if (secrets.isEmpty) return false;
  const text = body.toString();
  return secrets.redact(text) !== text || secrets.isIn(body);
}

function sizeAndHash(content: Buffer): { size: number; sha256: string } {
  return { size: content.byteLength, sha256: hash("sha256", content, "hex") };
}
