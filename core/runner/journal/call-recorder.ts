import { Buffer } from "node:buffer";
import {
  MAX_JOURNAL_BYTES,
  MAX_JOURNAL_CALLS,
  MAX_RECORDED_VALUE_BYTES,
} from "../../contract/execution-journal.ts";
import { DEFAULT_LOG_LINE_BYTES } from "../../contract/limits.ts";
import { HostRefusal, HostTrap } from "../capabilities/host-outcome.ts";
import { monotonicMicroseconds } from "./monotonic-clock.ts";

/** A call that the guest's worker answered itself. Times on the monotonic clock. */
export interface LocalCall {
  readonly sequence: number;
  readonly interface: string;
  readonly fn: string;
  readonly args: readonly unknown[];
  /** Bytes of the one argument, where only its beginning is here. */
  readonly cutFrom?: number;
  readonly startedUs: number;
  readonly outcome:
    | { readonly kind: "value"; readonly value: unknown }
    | { readonly kind: "refusal" | "trap"; readonly code: string; readonly message: string };
}

/** What the guest's thread measured of its own calls; reported when the handler has ended. */
export interface CallTimings {
  /** In all host calls together. */
  readonly hostUs: number;
  /** By sequence number less one, for as many as are recorded. */
  readonly durationsUs: readonly number[];
}

/** A call as it goes to the main thread. */
export interface CallMark {
  readonly sequence: number;
  readonly startedUs: number;
}

export interface CallRecorder {
  /** Measures one host call. Calls do not nest: the guest waits for each. */
  observe<T>(name: string, fn: string, args: readonly unknown[], run: () => T): T;
  /** Of the call under way, which is then the main thread's to record. */
  handOver(): CallMark;
  timings(): CallTimings;
}

/** The guest's end of the journal: numbers the calls, measures them, and reports those that never leave the worker. */
export function createCallRecorder(report: (call: LocalCall) => void): CallRecorder {
  const durationsUs: number[] = [];
  let sequence = 0;
  let hostUs = 0;
  let startedUs = 0;
  let isHandedOver = false;
  let plainCharacters = 0;

  /**
   * Nobody waits for these reports: a guest that hands over text of megabytes in a loop would fill the main thread's
   * memory and time with it. What the journal would not keep as it is comes as its beginning.
   */
  function bounded(args: readonly unknown[]): Pick<LocalCall, "args" | "cutFrom"> {
    const [text] = args;
    // Of the world's, none takes anything else; a component may declare that it does.
    if (typeof text !== "string") return { args: [] };
    plainCharacters += Math.min(text.length, MAX_RECORDED_VALUE_BYTES);
    if (text.length <= MAX_RECORDED_VALUE_BYTES && plainCharacters <= MAX_JOURNAL_BYTES) return { args };
    if (text.length <= DEFAULT_LOG_LINE_BYTES) return { args };
    return { args: [text.slice(0, DEFAULT_LOG_LINE_BYTES)], cutFrom: Buffer.byteLength(text) };
  }

  return {
    observe(name, fn, args, run) {
      sequence++;
      isHandedOver = false;
      startedUs = monotonicMicroseconds();
      let outcome: LocalCall["outcome"] | undefined;
      try {
        const value = run();
        outcome = { kind: "value", value };
        return value;
      } catch (error) {
        outcome = failureOf(error);
        throw error;
      } finally {
        const elapsed = monotonicMicroseconds() - startedUs;
        hostUs += elapsed;
        if (sequence <= MAX_JOURNAL_CALLS) {
          durationsUs.push(elapsed);
          if (!isHandedOver && outcome !== undefined)
            report({ sequence, interface: name, fn, ...bounded(args), startedUs, outcome });
        }
      }
    },
    handOver() {
      isHandedOver = true;
      return { sequence, startedUs };
    },
    timings: () => ({ hostUs, durationsUs }),
  };
}

function failureOf(error: unknown): LocalCall["outcome"] {
  if (error instanceof HostRefusal) return { kind: "refusal", code: error.payload, message: error.message };
  const code = error instanceof HostTrap ? error.code : "internal";
  const message = error instanceof HostTrap ? error.message : "a host function failed";
  return { kind: "trap", code, message };
}
