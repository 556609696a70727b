import { contextData } from "../capabilities/context.ts";
import { createDispatcher } from "../capabilities/dispatcher.ts";
import { guestInterfaces } from "../capabilities/guest-interfaces.ts";
import { HostTrap } from "../capabilities/host-outcome.ts";
import {
  type ComponentInstance,
  type ComponentUsage,
  createFuelClock,
  failureOf,
  type MeterLimits,
} from "../component/index.ts";
import type { CallRecorder } from "../journal/call-recorder.ts";
import { createGuestInputs } from "../journal/guest-inputs.ts";
import { monotonicMicroseconds } from "../journal/monotonic-clock.ts";
import { MAX_HOST_CALL_BYTES, MAX_HOST_CALLS, MAX_RAW_HEADER_BYTES, MAX_TABLE_ELEMENTS } from "../limits.ts";
import { responseOf } from "./guest-response.ts";
import type { CallHost } from "./host-bridge.ts";
import { createHostImports } from "./host-imports.ts";
import type { InstanceSlot } from "./instance-slot.ts";
import type { LateImports } from "./late-imports.ts";
import { createLogSink, type GuestLogLine } from "./log-sink.ts";
import type { GuestOutcome, GuestRecord, GuestRun, GuestUsage } from "./messages.ts";
import { payloadSize } from "./payload-size.ts";
import { createWasi } from "./wasi/index.ts";

// Taken while there are globals: a guest's worker is left without.
const HostDate = Date;
const PAGES_PER_MIB = 16;

export interface GuestExecutionOptions {
  readonly run: GuestRun;
  readonly slot: InstanceSlot;
  readonly late: LateImports;
  readonly callHost: CallHost;
  readonly recorder: CallRecorder;
  /** The main thread has given this execution up. */
  isGivenUp(): boolean;
  /** Shows the main thread what has been used so far. */
  showUsage(usage: ComponentUsage): void;
  emit(line: GuestLogLine): void;
}

export interface GuestExecution {
  readonly outcome: GuestOutcome;
  readonly usage: GuestUsage;
  readonly record: GuestRecord;
  /** Puts the slot in order for the next invocation; to be called once the answer is on its way. */
  rest(): void;
}

/** One invocation, on an instance that nothing has been done to since it was made or put back. */
export function executeGuest(options: GuestExecutionOptions): GuestExecution {
  const { run, slot, late } = options;
  const startedUs = monotonicMicroseconds();
  const inputs = createGuestInputs(run.inputs.randomSeed, run.inputs.wallClockMs);
  const sink = createLogSink(options.emit, () => new HostDate());
  const limits = meterLimits(run.limits);
  const opening = slot.open(limits, run.isolation, {
    isOver: () => options.isGivenUp() || monotonicMicroseconds() >= run.deadlineUs,
    note: options.showUsage,
  });
  const { meter } = opening;
  let hostCalls = 0;
  const { imports, fetch, trap, denial } = createHostImports({
    granted: run.granted,
    answer: createDispatcher(guestInterfaces, run.granted, { ...run.scope, log: sink.log }),
    callHost: (name, fn, args) => {
      if (payloadSize(args, MAX_HOST_CALL_BYTES) > MAX_HOST_CALL_BYTES)
        throw new HostTrap(
          "quota_exceeded",
          `${name}.${fn} was given more than ${MAX_HOST_CALL_BYTES} bytes`,
        );
      return options.callHost(name, fn, args);
    },
    onCall: () => {
      hostCalls++;
      options.showUsage(meter.usage());
      if (hostCalls > MAX_HOST_CALLS)
        throw new HostTrap("quota_exceeded", `the extension made more than ${MAX_HOST_CALLS} host calls`);
    },
    recorder: options.recorder,
    onRefusal: sink.note,
  });
  const clock = { ...createFuelClock(meter), wall: inputs.wall };
  late.bind({ ...imports, ...createWasi({ write: sink.write, clock, fetch, random: inputs.fillRandom }) });
  let outcome: GuestOutcome;
  let returned: ComponentInstance | undefined;
  try {
    const instance = opening.instance();
    options.showUsage(meter.usage());
    const answer = instance.handler({
      context: contextData(run.scope.context),
      http: run.http,
    });
    returned = instance;
    outcome = responseOutcome(answer);
  } catch (error) {
    outcome = failureOutcome(error, meter.usage(), trap(), denial());
  }
  late.bind(undefined);
  const { fuelUsed, peakMemoryBytes } = meter.usage();
  return {
    outcome,
    usage: { fuel: fuelUsed, memory_bytes: peakMemoryBytes, host_calls: hostCalls, log_lines: sink.close() },
    record: {
      timings: options.recorder.timings(),
      elapsedUs: monotonicMicroseconds() - startedUs,
      wallClockMs: inputs.wallClockMs(),
    },
    rest: () =>
      slot.rest(returned === undefined ? undefined : { meter, instance: returned }, limits, run.isolation),
  };
}

export function meterLimits({ fuel, memory_mb }: GuestRun["limits"]): MeterLimits {
  return { fuel, maxMemoryPages: memory_mb * PAGES_PER_MIB, maxTableElements: MAX_TABLE_ELEMENTS };
}

/**
 * A flood of headers is stopped here, so that the main thread never holds it. A body is handed over, not copied.
 * The glue has lifted the answer by the types that the component declares, which may not be the world's.
 */
function responseOutcome(answer: unknown): GuestOutcome {
  const headers = typeof answer === "object" && answer !== null && "headers" in answer ? answer.headers : [];
  if (payloadSize(headers, MAX_RAW_HEADER_BYTES) > MAX_RAW_HEADER_BYTES) {
    const message = `the response headers are over ${MAX_RAW_HEADER_BYTES} bytes`;
    return { kind: "failure", code: "response_too_large", message };
  }
  const response = responseOf(answer);
  if (response !== undefined) return { kind: "response", response };
  return {
    kind: "failure",
    code: "bad_handler",
    message: "the handler answered with something else than a response",
  };
}

const MESSAGES = {
  interrupted: "the deadline passed",
  fuel_exhausted: "the extension used up its fuel",
  memory_limit: "the extension needed more memory than its limit",
  stack_overflow: "the extension overflowed its stack",
  trap: "the handler threw or trapped",
  error: "the component does not run or broke its contract",
} as const;

const CODES = {
  interrupted: "timeout",
  fuel_exhausted: "fuel_exhausted",
  memory_limit: "memory_limit",
  stack_overflow: "bad_handler",
  trap: "bad_handler",
  error: "bad_handler",
} as const;

/** Messages are ours alone: what an error says may be the extension's words, and those belong in its log. */
function failureOutcome(
  error: unknown,
  usage: Parameters<typeof failureOf>[1],
  trap: HostTrap | undefined,
  denial: string | undefined,
): GuestOutcome {
  if (trap !== undefined) return { kind: "failure", code: trap.code, message: trap.message };
  const cause = failureOf(error, usage);
  if (cause === "trap" && denial !== undefined)
    return { kind: "failure", code: "capability_denied", message: `${denial}; the handler failed over it` };
  return { kind: "failure", code: CODES[cause], message: MESSAGES[cause] };
}
