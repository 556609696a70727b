/**
 * Entry of a guest's worker thread: loads programs, runs one execution at a time, and can be killed at any point.
 * Nothing here outlives an execution but the compiled programs.
 */
import { parentPort, workerData } from "node:worker_threads";
import { type Glue, type LoadedModule, loadGlue } from "../component/index.ts";
import { createCallRecorder } from "../journal/call-recorder.ts";
import { executeGuest } from "./guest-execution.ts";
import { createHostBridge } from "./host-bridge.ts";
import type { GuestCommand, GuestReport, GuestRun, GuestWorkerData } from "./messages.ts";

const port = parentPort;
if (port === null) throw new Error("this file is the entry of a worker thread");
// Handed over by the pool, whose types these are.
const { replies, signal } = workerData as GuestWorkerData;

const programs = new Map<string, Promise<{ glue: Glue; modules: readonly LoadedModule[] }>>();

port.on("message", (command: GuestCommand) => {
  if (command.type === "load") {
    const { source, modules } = command.program;
    const loading = loadGlue(source).then((glue) => ({ glue, modules }));
    loading.catch(() => undefined); // the run that needs it reports the failure
    programs.set(command.key, loading);
  } else {
    void run(command.run);
  }
});
post({ type: "ready" });

function post(report: GuestReport, transfer: ArrayBuffer[] = []): void {
  port?.postMessage(report, transfer);
}

async function run(execution: GuestRun): Promise<void> {
  const { id } = execution;
  const program = await programs.get(execution.program)?.catch(() => undefined);
  if (program === undefined) {
    const outcome = {
      kind: "failure",
      code: "bad_handler",
      message: "the component's glue does not load",
    } as const;
    post({ type: "done", id, outcome, usage: { memory_bytes: 0, fuel: 0, host_calls: 0, log_lines: 0 } });
    return;
  }
  const recorder = createCallRecorder((call) => post({ type: "local", id, call }));
  const { outcome, usage, record } = executeGuest({
    ...program,
    run: execution,
    recorder,
    callHost: createHostBridge(replies, signal, (name, fn, args) =>
      post({ type: "call", id, call: { ...recorder.handOver(), interface: name, fn, args } }),
    ),
    emit: (line) => post({ type: "log", id, line }),
  });
  const body = outcome.kind === "response" ? outcome.response.body : undefined;
  post(
    { type: "done", id, outcome, usage, record },
    body?.buffer instanceof ArrayBuffer ? [body.buffer] : [],
  );
}
