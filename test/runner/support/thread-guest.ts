/** A worker that speaks the pool's protocol and answers with its thread, so that a suite sees who ran where. */
import { parentPort, threadId, workerData } from "node:worker_threads";
import { createHostBridge } from "../../../core/runner/guest/host-bridge.ts";
import {
  GAUGE,
  type GuestCommand,
  type GuestReport,
  type GuestWorkerData,
  SIGNAL,
} from "../../../core/runner/guest/messages.ts";

const { replies, ...shared } = workerData as GuestWorkerData; // handed over by the pool
const signal = new Int32Array(shared.signal);
const gauge = new BigInt64Array(shared.gauge);

/** Held until the first execution, so that a suite sees that a worker stands ready unused. */
const ARMED_BYTES = 1n;
const post = (report: GuestReport) => parentPort?.postMessage(report);

parentPort?.on("message", (command: GuestCommand) => {
  if (command.type === "load") return;
  if (command.type === "arm") {
    Atomics.store(gauge, GAUGE.heldBytes, ARMED_BYTES);
    return post({ type: "rested" });
  }
  const { id, http } = command.run;
  if (http.url === "/loop") for (;;);
  if (http.url === "/die") process.exit(1);
  if (http.url === "/hold") {
    post({
      type: "log",
      id,
      line: { ts: "", level: "info", stream: "log", message: "held", truncated: false },
    });
    return;
  }
  if (http.url === "/call")
    createHostBridge(replies, signal, (name, fn, args) =>
      post({ type: "call", id, call: { sequence: 1, startedUs: 0, interface: name, fn, args } }),
    )("http", "fetch", []);
  post({
    type: "done",
    id,
    outcome: { kind: "response", response: { status: threadId, headers: [], body: undefined } },
    usage: { memory_bytes: 0, fuel: 0, host_calls: 0, log_lines: 0 },
  });
  Atomics.store(gauge, GAUGE.heldBytes, 0n);
  Atomics.store(signal, SIGNAL.rested, id);
});
post({ type: "ready" });
