import type { MessagePort } from "node:worker_threads";
import type { Capability } from "../../contract/capability.ts";
import type { ExecuteErrorCode, ExecutionLimits, Header } from "../../contract/execute.ts";
import type { Isolation } from "../../contract/isolation.ts";
import type { GuestScope } from "../capabilities/guest-scope.ts";
import type { CallMark, CallTimings, LocalCall } from "../journal/call-recorder.ts";
import type { GuestLogLine } from "./log-sink.ts";
import type { GuestProgram } from "./program.ts";

/**
 * What passes between the runner's main thread and a guest's worker. Both ends are this process's own code from
 * one build, so the types are the contract; what came out of a component is judged by the main thread.
 */

/** Handed over when the worker starts. */
export interface GuestWorkerData {
  /** Replies to host calls arrive here, apart from commands, so that a blocked worker can wait for them. */
  readonly replies: MessagePort;
  readonly signal: SharedArrayBuffer;
  readonly gauge: SharedArrayBuffer;
}

/**
 * Slots of `signal`, 32-bit integers: a counter, raised and notified with every reply; the execution given up; the
 * execution after which everything has been put in order, which nobody need be woken for.
 */
export const SIGNAL = { replies: 0, givenUp: 1, rested: 2, slots: 3 } as const;
/**
 * Slots of `gauge`, 64-bit integers: what the present execution has used, as of a millisecond or a few ago; linear memory
 * and images of it that stand ready for the next.
 */
export const GAUGE = { fuel: 0, memoryBytes: 1, heldBytes: 2, slots: 3 } as const;

/** One execution, as the worker needs it. Holds no secret. */
export interface GuestRun {
  readonly id: number;
  /** Names a program that was loaded before. */
  readonly program: string;
  readonly scope: Pick<GuestScope, "context" | "user">;
  readonly granted: ReadonlySet<Capability>;
  readonly http: {
    readonly method: string;
    /** Path and query. */
    readonly url: string;
    readonly headers: readonly Header[];
    readonly body: Uint8Array | undefined;
  };
  readonly limits: Pick<ExecutionLimits, "memory_mb" | "fuel">;
  readonly isolation: Isolation;
  /** On the monotonic clock, in microseconds. */
  readonly deadlineUs: number;
  /** What the guest is given besides; in a replay also what the clock said. */
  readonly inputs: { readonly randomSeed: Uint8Array; readonly wallClockMs?: readonly number[] | undefined };
}

export type GuestCommand =
  | { readonly type: "load"; readonly key: string; readonly program: GuestProgram }
  /** Makes an instance ready before there is an execution for it. */
  | ({ readonly type: "arm" } & Pick<GuestRun, "program" | "limits" | "isolation">)
  | { readonly type: "run"; readonly run: GuestRun };

/** What a handler answered, lifted out of the component and not judged yet. */
export interface GuestResponse {
  readonly status: number;
  readonly headers: readonly Header[];
  readonly body: Uint8Array | undefined;
}

export interface GuestUsage {
  readonly memory_bytes: number;
  readonly fuel: number;
  readonly host_calls: number;
  readonly log_lines: number;
}

/** What the worker measured and gave, reported when the handler has ended by itself. */
export interface GuestRecord {
  readonly timings: CallTimings;
  /** From making the instance to the handler's end. */
  readonly elapsedUs: number;
  readonly wallClockMs: readonly number[] | undefined;
}

/** A host call that the main thread is to answer. */
export interface GuestCall extends CallMark {
  readonly interface: string;
  readonly fn: string;
  readonly args: readonly unknown[];
}

export type GuestOutcome =
  | { readonly kind: "response"; readonly response: GuestResponse }
  | { readonly kind: "failure"; readonly code: ExecuteErrorCode; readonly message: string };

export type GuestReport =
  | { readonly type: "ready" }
  | { readonly type: "log"; readonly id: number; readonly line: GuestLogLine }
  | { readonly type: "call"; readonly id: number; readonly call: GuestCall }
  | { readonly type: "local"; readonly id: number; readonly call: LocalCall }
  | {
      readonly type: "done";
      readonly id: number;
      readonly outcome: GuestOutcome;
      readonly usage: GuestUsage;
      readonly record?: GuestRecord;
    }
  /** After an `arm`: an instance stands ready. After a `done`, `SIGNAL.rested` says so. */
  | { readonly type: "rested" };
