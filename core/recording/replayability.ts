import type { ExecutionJournal } from "../contract/execution-journal.ts";
import type { ExecutionRecording, RecordedRequest, ReplayObstacle } from "../contract/execution-recording.ts";

/** A recording that holds all that a replay needs. */
export interface Replayable {
  readonly request: RecordedRequest;
  readonly journal: ExecutionJournal & { readonly wall_clock_ms: number[]; readonly random_seed_b64: string };
}

export interface Obstacle {
  readonly code: ReplayObstacle;
  /** One sentence. */
  readonly reason: string;
}

/** Judges by the recording alone; whether secrets are still the same shows at the replay. */
export function replayable(recording: ExecutionRecording | undefined): Replayable | Obstacle {
  const request = recording?.request;
  const journal = recording?.journal;
  if (recording === undefined || journal === undefined)
    return obstacle("recording_not_found", "No host-call journal is kept of this execution.");
  if (journal.mode === "digest" || journal.random_seed_b64 === undefined)
    return obstacle(
      "replay_values_missing",
      "Outside development tenants only sizes and digests of values are kept, which answer no host call.",
    );
  if (request === undefined || request.body_omitted !== undefined)
    return obstacle(
      "replay_request_missing",
      "The request's body is not kept: it was too large or held a secret.",
    );
  if (journal.wall_clock_ms === undefined || journal.calls.some(({ outcome }) => outcome === "unfinished"))
    return obstacle(
      "replay_interrupted",
      "The execution was ended from outside or read the clock too often, so its inputs are not all known.",
    );
  if (
    request.redacted === true ||
    journal.calls.some((call) => call.redacted?.includes("result") && !isSecretCall(call))
  )
    return obstacle(
      "replay_secret_redacted",
      "A secret stood in the request or in what a host call returned; it is not kept and cannot be given again.",
    );
  if (journal.dropped > 0 || journal.calls.some(({ truncated }) => truncated?.includes("result")))
    return obstacle(
      "replay_values_truncated",
      "A value or the number of host calls was over the journal's cap.",
    );
  const { wall_clock_ms, random_seed_b64 } = journal;
  return { request, journal: { ...journal, wall_clock_ms, random_seed_b64 } };
}

/** Its result is given again from the install's secrets. */
export function isSecretCall(call: { readonly interface: string; readonly function: string }): boolean {
  return call.interface === "secrets" && call.function === "get";
}

function obstacle(code: ReplayObstacle, reason: string): Obstacle {
  return { code, reason };
}
