import {
  type ExecutionJournal,
  type HostCallRecord,
  type JournalMode,
  MAX_JOURNAL_BYTES,
  MAX_JOURNAL_CALLS,
} from "../../contract/execution-journal.ts";
import type { SecretText } from "../../platform/secret-text.ts";
import type { HostOutcome } from "../capabilities/host-outcome.ts";
import type { CallMark, CallTimings, LocalCall } from "./call-recorder.ts";
import { monotonicMicroseconds } from "./monotonic-clock.ts";
import { digestOfSecret, type Encoded, ValueEncoder } from "./recorded-value.ts";

const MAX_MESSAGE_CHARACTERS = 1_024;
const MICROSECONDS_PER_MILLISECOND = 1_000;

export interface HostCallJournalOptions {
  readonly mode: JournalMode;
  /** Salts the digests of secrets. */
  readonly executionId: string;
  /** On the monotonic clock. */
  readonly startedUs: number;
  /** Every secret that this execution could come to know; asked at the first value that is written down. */
  secrets(): SecretText;
}

/** A call that the main thread answers. */
export interface RemoteCall extends CallMark {
  readonly interface: string;
  readonly fn: string;
  readonly args: readonly unknown[];
}

export interface HostCallJournal {
  /** Calls so far, recorded or not, as the main thread has seen them. */
  readonly count: number;
  /** Answers and records a call. */
  record(call: RemoteCall, run: () => Promise<HostOutcome>): Promise<HostOutcome>;
  local(call: LocalCall): void;
  /** Milliseconds in host calls by the main thread's own measure: for a guest that was killed. */
  hostMs(): number;
  /** What happened, in the guest's order. Given the guest's own measures, those stand. */
  end(
    timings: CallTimings | undefined,
    inputs: Pick<ExecutionJournal, "wall_clock_ms" | "random_seed_b64">,
  ): ExecutionJournal;
}

/** Everything that one execution asked of its host, ready to be kept: no secret is in it, and no more than its caps. */
export function createHostCallJournal(options: HostCallJournalOptions): HostCallJournal {
  const calls = new Map<number, HostCallRecord>();
  let encoder: ValueEncoder | undefined;
  let bytes = 0;
  let count = 0;
  let isOver = false;

  /** A value under the journal's caps. */
  function write(value: unknown, isBody: boolean): Encoded {
    encoder ??= new ValueEncoder(options.mode, options.secrets());
    if (isBody && options.mode === "digest") return encoder.digest(value);
    if (bytes >= MAX_JOURNAL_BYTES) return encoder.digest(value);
    const encoded = encoder.encode(value);
    bytes += sizeOf(encoded.value);
    return encoded;
  }

  /** What is here of a value is its beginning. */
  function writeCut(value: unknown, size: number): Encoded {
    encoder ??= new ValueEncoder(options.mode, options.secrets());
    return encoder.cut(value, size);
  }

  function begin(
    { sequence, startedUs, fn, args, ...call }: RemoteCall,
    cutFrom?: number,
  ): HostCallRecord | undefined {
    count++;
    if (sequence > MAX_JOURNAL_CALLS) return undefined;
    const given = args.map((argument) =>
      cutFrom === undefined ? write(argument, false) : writeCut(argument, cutFrom),
    );
    const record: HostCallRecord = {
      sequence,
      interface: call.interface,
      function: fn,
      arguments: given.map(({ value }) => value),
      outcome: "unfinished",
      start_ms: sinceStart(startedUs),
      duration_ms: 0,
    };
    mark(record, "arguments", given);
    calls.set(sequence, record);
    return record;
  }

  function finish(
    record: HostCallRecord,
    outcome: HostOutcome | LocalCall["outcome"],
    endedUs: number,
  ): void {
    record.outcome = outcome.kind;
    record.duration_ms = Math.max(0, round(sinceStart(endedUs) - record.start_ms));
    if (outcome.kind !== "value") {
      record.code = "code" in outcome ? outcome.code : outcome.payload;
      const message = "reason" in outcome ? outcome.reason : outcome.message;
      if (message !== record.code) record.message = message.slice(0, MAX_MESSAGE_CHARACTERS);
    } else if (outcome.value !== undefined) {
      const result = isSecret(record)
        ? {
            value: digestOfSecret(options.executionId, String(outcome.value)),
            truncated: false,
            redacted: true,
          }
        : write(outcome.value, true);
      record.result = result.value;
      mark(record, "result", [result]);
    }
  }

  const sinceStart = (us: number) => (us - options.startedUs) / MICROSECONDS_PER_MILLISECOND;

  return {
    get count() {
      return count;
    },
    async record(call, run) {
      const record = begin(call);
      const outcome = await run();
      // An answer that came too late for a killed guest was never given.
      if (record !== undefined && !isOver) finish(record, outcome, monotonicMicroseconds());
      return outcome;
    },
    local(call) {
      const record = begin(call, call.cutFrom);
      if (record !== undefined) finish(record, call.outcome, call.startedUs);
    },
    hostMs() {
      const now = sinceStart(monotonicMicroseconds());
      let sum = 0;
      for (const call of calls.values())
        sum += call.outcome === "unfinished" ? now - call.start_ms : call.duration_ms;
      return round(sum);
    },
    end(timings, inputs) {
      isOver = true;
      const now = sinceStart(monotonicMicroseconds());
      for (const record of calls.values()) {
        const measured = timings?.durationsUs[record.sequence - 1];
        if (measured !== undefined) record.duration_ms = measured / MICROSECONDS_PER_MILLISECOND;
        else if (record.outcome === "unfinished") record.duration_ms = round(now - record.start_ms);
      }
      return {
        mode: options.mode,
        calls: [...calls.values()].sort((one, other) => one.sequence - other.sequence),
        dropped: count - calls.size,
        ...inputs,
      };
    },
  };
}

/** The one call whose result is a secret. */
function isSecret(record: HostCallRecord): boolean {
  return record.interface === "secrets" && record.function === "get";
}

function mark(record: HostCallRecord, half: "arguments" | "result", values: readonly Encoded[]): void {
  if (values.some(({ truncated }) => truncated)) record.truncated = [...(record.truncated ?? []), half];
  if (values.some(({ redacted }) => redacted)) record.redacted = [...(record.redacted ?? []), half];
}

function sizeOf(encoded: unknown): number {
  return JSON.stringify(encoded)?.length ?? 0;
}

function round(milliseconds: number): number {
  return Math.round(milliseconds * MICROSECONDS_PER_MILLISECOND) / MICROSECONDS_PER_MILLISECOND;
}
