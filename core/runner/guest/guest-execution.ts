import { contextData } from "../capabilities/context.ts";
import { createDispatcher } from "../capabilities/dispatcher.ts";
import { guestInterfaces } from "../capabilities/guest-interfaces.ts";
import { HostTrap } from "../capabilities/host-outcome.ts";
import {
  createFuelClock,
  createMeter,
  failureOf,
  type Glue,
  instantiateComponent,
  type LoadedModule,
} from "../component/index.ts";
import type { CallRecorder } from "../journal/call-recorder.ts";
import { createGuestInputs } from "../journal/guest-inputs.ts";
import { monotonicMicroseconds } from "../journal/monotonic-clock.ts";
import { MAX_HOST_CALL_BYTES, MAX_HOST_CALLS, MAX_RAW_HEADER_BYTES, MAX_TABLE_ELEMENTS } from "../limits.ts";
import type { CallHost } from "./host-bridge.ts";
import { createHostImports } from "./host-imports.ts";
import { createLogSink, type GuestLogLine } from "./log-sink.ts";
import type { GuestOutcome, GuestRecord, GuestResponse, GuestRun, GuestUsage } from "./messages.ts";
import { payloadSize } from "./payload-size.ts";
import { createWasi } from "./wasi/index.ts";

const PAGES_PER_MIB = 16;

export interface GuestExecutionOptions {
  readonly run: GuestRun;
  readonly glue: Glue;
  readonly modules: readonly LoadedModule[];
  readonly callHost: CallHost;
  readonly recorder: CallRecorder;
  emit(line: GuestLogLine): void;
}

/** One invocation on an instance of its own, which is dropped afterwards with everything that it holds. */
export function executeGuest(options: GuestExecutionOptions): {
  outcome: GuestOutcome;
  usage: GuestUsage;
  record: GuestRecord;
} {
  const { run } = options;
  const startedUs = monotonicMicroseconds();
  const inputs = createGuestInputs(run.inputs.randomSeed, run.inputs.wallClockMs);
  const sink = createLogSink(options.emit, () => new Date());
  let hostCalls = 0;
  const { imports, trap } = createHostImports({
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
      if (hostCalls > MAX_HOST_CALLS)
        throw new HostTrap("quota_exceeded", `the extension made more than ${MAX_HOST_CALLS} host calls`);
    },
    recorder: options.recorder,
    onRefusal: sink.note,
  });
  const limits = {
    fuel: run.limits.fuel,
    maxMemoryPages: run.limits.memory_mb * PAGES_PER_MIB,
    maxTableElements: MAX_TABLE_ELEMENTS,
  };
  const meter = createMeter(limits);
  const clock = { ...createFuelClock(meter), wall: inputs.wall };
  let outcome: GuestOutcome;
  try {
    const instance = instantiateComponent(
      {
        ...limits,
        glue: options.glue,
        modules: options.modules,
        imports: { ...imports, ...createWasi({ write: sink.write, clock, random: inputs.fillRandom }) },
      },
      meter,
    );
    const answer = instance.handler({
      context: contextData(run.scope.context),
      http: run.http,
    });
    // The generated glue has lifted the answer by the world's types; its values are judged by the main thread.
    outcome = responseOutcome(answer as GuestResponse);
  } catch (error) {
    outcome = failureOutcome(error, meter.usage(), trap());
  }
  const { fuelUsed, peakMemoryBytes } = meter.usage();
  return {
    outcome,
    usage: { fuel: fuelUsed, memory_bytes: peakMemoryBytes, host_calls: hostCalls, log_lines: sink.close() },
    record: {
      timings: options.recorder.timings(),
      elapsedUs: monotonicMicroseconds() - startedUs,
      wallClockMs: inputs.wallClockMs(),
    },
  };
}

/** A flood of headers is stopped here, so that the main thread never holds it. A body is handed over, not copied. */
function responseOutcome(response: GuestResponse): GuestOutcome {
  if (payloadSize(response.headers, MAX_RAW_HEADER_BYTES) <= MAX_RAW_HEADER_BYTES)
    return { kind: "response", response };
  const message = `the response headers are over ${MAX_RAW_HEADER_BYTES} bytes`;
  return { kind: "failure", code: "response_too_large", message };
}

const MESSAGES = {
  fuel_exhausted: "the extension used up its fuel",
  memory_limit: "the extension needed more memory than its limit",
  stack_overflow: "the extension overflowed its stack",
  trap: "the handler threw or trapped",
  error: "the component does not run or broke its contract",
} as const;

/** Messages are ours alone: what an error says may be the extension's words, and those belong in its log. */
function failureOutcome(
  error: unknown,
  usage: Parameters<typeof failureOf>[1],
  trap: HostTrap | undefined,
): GuestOutcome {
  if (trap !== undefined) return { kind: "failure", code: trap.code, message: trap.message };
  const cause = failureOf(error, usage);
  const code = cause === "fuel_exhausted" || cause === "memory_limit" ? cause : "bad_handler";
  return { kind: "failure", code, message: MESSAGES[cause] };
}
