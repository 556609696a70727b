/** A worker that speaks the pool's protocol and answers with its thread, so that a suite sees who ran where. */
import { parentPort, threadId } from "node:worker_threads";
import type { GuestCommand, GuestReport } from "../../../core/runner/guest/messages.ts";

const post = (report: GuestReport) => parentPort?.postMessage(report);

parentPort?.on("message", (command: GuestCommand) => {
  if (command.type === "load") return;
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
  post({
    type: "done",
    id,
    outcome: { kind: "response", response: { status: threadId, headers: [], body: undefined } },
    usage: { memory_bytes: 0, fuel: 0, host_calls: 0, log_lines: 0 },
  });
  post({ type: "rested", heldBytes: 0 });
});
post({ type: "ready" });
