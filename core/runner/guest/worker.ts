/**
 * Entry of a guest's worker thread: loads programs, runs one execution at a time, and can be killed at any point.
 * Nothing here outlives an execution but compiled programs and, for each, an instance in its pristine state.
 */
import { setImmediate } from "node:timers";
import { parentPort, workerData } from "node:worker_threads";
import { MIB } from "../../contract/limits.ts";
import { loadGlue } from "../component/index.ts";
import { createCallRecorder } from "../journal/call-recorder.ts";
import { stripRealm } from "./bare-realm.ts";
import { executeGuest, meterLimits } from "./guest-execution.ts";
import { createHostBridge } from "./host-bridge.ts";
import { importShape } from "./import-shape.ts";
import { InstanceSlot } from "./instance-slot.ts";
import { createLateImports } from "./late-imports.ts";
import {
  GAUGE,
  type GuestCommand,
  type GuestReport,
  type GuestRun,
  type GuestWorkerData,
  SIGNAL,
} from "./messages.ts";

// Taken while there are globals, of which `stripRealm` leaves few.
const { load, store } = Atomics;
const port = parentPort;
if (port === null) throw new Error("this file is the entry of a worker thread");
// Handed over by the pool, whose types these are.
const { replies, ...shared } = workerData as GuestWorkerData;
const signal = new Int32Array(shared.signal);
const gauge = new BigInt64Array(shared.gauge);

/** Of all instances that stand ready on this thread, with their images. */
const MAX_HELD_BYTES = 128 * MIB;

stripRealm();

const late = createLateImports(importShape());
const slots = new Map<string, Promise<InstanceSlot>>();
/** In the order of their last use, the latest at the end. */
const used = new Set<InstanceSlot>();
/** What is left to do after an answer; done at once when the next command comes first. */
let unrested: (() => void) | undefined;

port.on("message", (command: GuestCommand) => {
  rest();
  if (command.type === "load") {
    const { source, modules } = command.program;
    const loading = loadGlue(source).then((glue) => new InstanceSlot({ glue, modules }, late.imports));
    loading.catch(() => undefined); // the run that needs it reports the failure
    slots.set(command.key, loading);
  } else if (command.type === "arm") {
    void arm(command);
  } else {
    void run(command.run);
  }
});
post({ type: "ready" });

function post(report: GuestReport, transfer: ArrayBuffer[] = []): void {
  port?.postMessage(report, transfer);
}

function rest(): void {
  const pending = unrested;
  unrested = undefined;
  pending?.();
}

async function arm({ program, limits, isolation }: Extract<GuestCommand, { type: "arm" }>): Promise<void> {
  const slot = await slots.get(program)?.catch(() => undefined);
  if (slot !== undefined) {
    used.add(slot);
    slot.rest(undefined, meterLimits(limits), isolation);
  }
  showHeld();
  post({ type: "rested" });
}

/** The instances used last stay ready as far as they fit; the others are made again when they are called. */
function showHeld(): void {
  let heldBytes = 0;
  for (const slot of [...used].reverse()) {
    heldBytes += slot.heldBytes;
    if (heldBytes <= MAX_HELD_BYTES || slot.heldBytes === 0) continue;
    heldBytes -= slot.heldBytes;
    slot.drop();
  }
  store(gauge, GAUGE.heldBytes, BigInt(heldBytes));
}

function showRested(id: number): void {
  showHeld();
  store(signal, SIGNAL.rested, id);
}

async function run(execution: GuestRun): Promise<void> {
  const { id } = execution;
  const slot = await slots.get(execution.program)?.catch(() => undefined);
  if (slot === undefined) {
    const outcome = {
      kind: "failure",
      code: "bad_handler",
      message: "the component's glue does not load",
    } as const;
    post({ type: "done", id, outcome, usage: { memory_bytes: 0, fuel: 0, host_calls: 0, log_lines: 0 } });
    showRested(id);
    return;
  }
  used.delete(slot);
  used.add(slot);
  const recorder = createCallRecorder((call) => post({ type: "local", id, call }));
  const executed = executeGuest({
    slot,
    late,
    run: execution,
    recorder,
    callHost: createHostBridge(replies, signal, (name, fn, args) =>
      post({ type: "call", id, call: { ...recorder.handOver(), interface: name, fn, args } }),
    ),
    isGivenUp: () => load(signal, SIGNAL.givenUp) === id,
    showUsage({ fuelUsed, peakMemoryBytes }) {
      store(gauge, GAUGE.fuel, BigInt(fuelUsed));
      store(gauge, GAUGE.memoryBytes, BigInt(peakMemoryBytes));
    },
    emit: (line) => post({ type: "log", id, line }),
  });
  const { outcome, usage, record } = executed;
  const body = outcome.kind === "response" ? outcome.response.body : undefined;
  post(
    { type: "done", id, outcome, usage, record },
    body?.buffer instanceof ArrayBuffer ? [body.buffer] : [],
  );
  unrested = () => {
    executed.rest();
    showRested(id);
  };
  // On an empty stack, when every promise of the glue has had its turn: nothing of the execution runs after this.
  setImmediate(rest);
}
