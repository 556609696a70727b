import type { ExecuteRequest, Usage } from "../../contract/execute.ts";
import type { ExecutionJournal } from "../../contract/execution-journal.ts";
import { createSecretText } from "../../platform/secret-text.ts";
import { outcomeOf } from "../capabilities/host-outcome.ts";
import type { GuestCall } from "../guest/messages.ts";
import { createHostCallJournal } from "../journal/host-call-journal.ts";
import { monotonicMicroseconds } from "../journal/monotonic-clock.ts";
import { randomSeed } from "../journal/random-seeds.ts";
import { createRecordedAnswers } from "../journal/recorded-answers.ts";
import type { GuestHooks, GuestResult } from "../pool/guest-worker.ts";

const MICROSECONDS_PER_MILLISECOND = 1_000;

export interface RecordingOptions {
  readonly request: ExecuteRequest;
  readonly executionId: string;
  /** Values by name. Throws when the sealed envelope does not open: the guest then sees none either. */
  secrets(): ReadonlyMap<string, string>;
  /** Answers a call for real. */
  dispatch(name: string, fn: string, args: readonly unknown[]): unknown;
}

/** The record of one execution and, in a replay, the source of its answers. Starts with the execution. */
export function createRecording({ request, executionId, ...options }: RecordingOptions) {
  const { replay } = request;
  const mode = request.journal ?? "digest";
  const startedUs = monotonicMicroseconds();
  let onWorkerUs: number | undefined;
  const seed =
    replay === undefined ? randomSeed() : new Uint8Array(Buffer.from(replay.random_seed_b64, "base64"));
  const journal = createHostCallJournal({
    mode,
    executionId: replay?.execution_id ?? executionId,
    startedUs,
    secrets: () => createSecretText(secretsOr(options.secrets, new Map())),
  });
  const recorded = replay === undefined ? undefined : createRecordedAnswers(replay, options.secrets);

  const answer = ({ interface: name, fn, args }: GuestCall) =>
    outcomeOf(() => options.dispatch(name, fn, args));

  return {
    inputs: { randomSeed: seed, wallClockMs: replay?.wall_clock_ms },
    hooks: {
      onRun() {
        onWorkerUs = monotonicMicroseconds();
      },
      onLocalCall: (call) => journal.local(call),
      onCall: (call) =>
        journal.record(call, async () =>
          recorded === undefined ? await answer(call) : recorded.answer(call.interface, call.fn, call.args),
        ),
    } satisfies Omit<GuestHooks, "onLog">,
    /** The journal, and the times of guest and host. A killed guest's are what the main thread saw. */
    end({ record }: GuestResult): {
      journal: ExecutionJournal;
      usage: Pick<Usage, "host_calls" | "guest_ms" | "host_ms">;
    } {
      const elapsedUs =
        record?.elapsedUs ?? (onWorkerUs === undefined ? 0 : monotonicMicroseconds() - onWorkerUs);
      const hostMs =
        record === undefined ? journal.hostMs() : record.timings.hostUs / MICROSECONDS_PER_MILLISECOND;
      const guestMs = Math.max(0, Math.round(elapsedUs - hostMs * MICROSECONDS_PER_MILLISECOND));
      return {
        usage: {
          host_calls: journal.count,
          guest_ms: guestMs / MICROSECONDS_PER_MILLISECOND,
          host_ms: hostMs,
        },
        journal: journal.end(record?.timings, {
          ...(mode === "full" && record?.wallClockMs !== undefined
            ? { wall_clock_ms: [...record.wallClockMs] }
            : {}),
          ...(mode === "full" ? { random_seed_b64: Buffer.from(seed).toString("base64") } : {}),
        }),
      };
    },
  };
}

function secretsOr(
  secrets: () => ReadonlyMap<string, string>,
  otherwise: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  try {
    return secrets();
  } catch {
    return otherwise;
  }
}
