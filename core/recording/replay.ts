import { isDeepStrictEqual } from "node:util";
import type { ContentHash } from "../contract/content-hash.ts";
import type { ExecuteRequest, ExecuteResponse, SecretEnvelope } from "../contract/execute.ts";
import type { ExecutionRecord } from "../contract/execution-record.ts";
import type { ReplayReport } from "../contract/execution-recording.ts";
import type { Ids } from "../platform/ids.ts";
import { createSecretText, secretDigest } from "../platform/secret-text.ts";
import { divergences, type Run } from "./comparison.ts";
import { RecordingError } from "./errors.ts";
import type { RecordingStore } from "./recording-store.ts";
import { recordedResponse } from "./redaction.ts";
import { isSecretCall, type Replayable, replayable } from "./replayability.ts";

export interface ReplayOptions {
  readonly store: Pick<RecordingStore, "get">;
  readonly executions: { find(idOrRequestId: string): ExecutionRecord | undefined };
  /** Undefined when the runner is not ours: one that does not know replays would call the world for real. */
  runner(): { execute(request: ExecuteRequest, signal?: AbortSignal): Promise<ExecuteResponse> } | undefined;
  readonly ids: Ids;
  secretsOf(installId: string): ReadonlyMap<string, string>;
  envelopeFor(
    context: ExecuteRequest["context"] & { execution_id: string },
    timeoutMs: number,
  ): SecretEnvelope | undefined;
  /** Another version of the same extension, by version or id. Throws when there is none. */
  version(
    extensionId: string,
    version: string,
  ): { readonly version_id: string; readonly content_hash: ContentHash };
}

/**
 * Runs the recorded request again with the recorded answers and compares; with `version`, that version runs instead
 * of the recorded one.
 * @throws RecordingError with the reason why it cannot
 */
export type Replay = (
  idOrRequestId: string,
  choice?: { version?: string | undefined; signal?: AbortSignal | undefined },
) => Promise<ReplayReport>;

export function createReplay(options: ReplayOptions): Replay {
  return async (key, { version, signal } = {}) => {
    const execution = options.executions.find(key);
    if (execution === undefined)
      throw new RecordingError({
        code: "execution_not_found",
        message: "There is no execution with that id or request id.",
        hint: "See workbench executions list.",
      });
    const recording = options.store.get(execution.id);
    const found = replayable(recording);
    if ("code" in found || recording === undefined)
      throw refused(
        "code" in found ? found : { code: "recording_not_found", reason: "Nothing is recorded." },
      );
    const runner = options.runner();
    if (runner === undefined)
      throw refused({
        code: "replay_needs_embedded_runner",
        reason:
          "RUNNER_BASE_URL names another runner, and only the embedded one is known to answer from a record.",
      });
    const secrets = options.secretsOf(execution.install_id);
    requireSameSecrets(execution.id, found, secrets);
    const target =
      version === undefined
        ? { version_id: execution.version_id, content_hash: found.request.context.content_hash }
        : options.version(execution.extension_id, version);
    const response = await runner.execute(replayRequest(options, execution.id, found, target), signal);
    const text = createSecretText(secrets);
    const expected: Run = {
      response: recording.response,
      fuel: execution.usage?.fuel ?? 0,
      calls: found.journal.calls,
    };
    const actual: Run = {
      response: recordedResponse(response, text),
      fuel: response.usage.fuel,
      calls: response.journal?.calls ?? [],
    };
    const differences = divergences(expected, actual);
    return {
      execution_id: execution.id,
      ...target,
      same: differences.length === 0,
      divergences: differences,
      recorded: summary(expected, execution.usage?.memory_bytes ?? 0),
      replayed: summary(actual, response.usage.memory_bytes),
    };
  };
}

/** Without the sealed secrets and under an id of its own: no host call of it finds a scope to be answered in. */
function replayRequest(
  options: ReplayOptions,
  executionId: string,
  { request, journal }: Replayable,
  target: { version_id: string; content_hash: ContentHash },
): ExecuteRequest {
  const { body_omitted: _omitted, redacted: _redacted, ...given } = request;
  const context = { ...given.context, content_hash: target.content_hash, execution_id: options.ids.uuid() };
  const needsSecrets = journal.calls.some(isSecretCall);
  const envelope = needsSecrets ? options.envelopeFor(context, given.limits.timeout_ms) : undefined;
  return {
    ...given,
    context,
    ...(envelope === undefined ? {} : { secret_envelope: envelope }),
    journal: "full",
    replay: {
      execution_id: executionId,
      calls: journal.calls,
      wall_clock_ms: journal.wall_clock_ms,
      random_seed_b64: journal.random_seed_b64,
    },
  };
}

function requireSameSecrets(
  executionId: string,
  { journal }: Replayable,
  secrets: ReadonlyMap<string, string>,
): void {
  for (const call of journal.calls) {
    if (!isSecretCall(call) || call.outcome !== "value") continue;
    const value = secrets.get(String(call.arguments[0]));
    const digest = value && { $digest: { kind: "secret", ...secretDigest(executionId, value) } };
    if (!isDeepStrictEqual(digest, call.result))
      throw refused({
        code: "replay_secret_changed",
        reason: `The secret of host call ${call.sequence} is no longer what it was, and its old value is nowhere kept.`,
      });
  }
}

function refused({ code, reason }: { code: RecordingError["code"]; reason: string }): RecordingError {
  return new RecordingError({
    code,
    kind: code === "replay_needs_embedded_runner" ? "environment" : "refused",
    message: `This execution cannot be replayed. ${reason}`,
    ...(code === "replay_values_missing"
      ? { hint: "Make the call for a development tenant and replay that one." }
      : {}),
  });
}

function summary({ response, fuel, calls }: Run, memoryBytes: number) {
  return {
    status: response.status,
    ...(response.error === undefined ? {} : { error: response.error }),
    body: response.body,
    fuel,
    memory_bytes: memoryBytes,
    host_calls: calls.length,
  };
}
