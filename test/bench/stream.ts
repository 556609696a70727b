/**
 * `node test/bench/stream.ts [--readers N]`: lines written, stored and read by every reader over HTTP, and the memory
 * that it took. Writer and host are this process, the readers another one.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setImmediate as nextTurn } from "node:timers/promises";
import { getRequestListener } from "@hono/node-server";
import type { LogEvent } from "../../core/contract/log-event.ts";
import { createExecutionLog, createLiveStream, createLogBook } from "../../core/logs/index.ts";
import { systemClock } from "../../core/platform/clock.ts";
import { openDatabase } from "../../core/store/index.ts";

const LINES = 300_000;
/** As a runner's batch has them. */
const BATCH = 250;
const readers = Number(process.argv[process.argv.indexOf("--readers") + 1]) || 20;

const folder = mkdtempSync(join(tmpdir(), "workbench-bench-stream-"));
const database = openDatabase(join(folder, "workbench.sqlite"));
const book = createLogBook({ database });
const live = createLiveStream({
  logs: book,
  executions: createExecutionLog({ database, clock: systemClock }),
});
const server = createServer(
  getRequestListener((request) => {
    const frames = live
      .open({ types: ["log"], tenant_id: "t1" }, { signal: request.signal })
      [Symbol.asyncIterator]();
    const stream = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new TextEncoder().encode(": open\n\n")),
      pull: async (controller) => {
        const next = await frames.next();
        if (next.done === true) controller.close();
        else controller.enqueue(next.value);
      },
    });
    return new Response(stream, { headers: { "content-type": "text/event-stream" } });
  }),
);
try {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // Cast: a TCP server's address is never a pipe's name.
  const { port } = server.address() as AddressInfo;
  const script = join(import.meta.dirname, "stream-readers.ts");
  const child = spawn(
    process.execPath,
    [script, `http://127.0.0.1:${port}/`, String(readers), `line ${LINES - 1} `],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const said = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  for (let open = 0; open < readers; open += 1) await said.next();
  const before = process.memoryUsage().rss;
  let peak = before;
  const started = performance.now();
  const cpuBefore = process.cpuUsage();
  for (let first = 0; first < LINES; first += BATCH) {
    book.append(Array.from({ length: BATCH }, (_, index) => lineOf(first + index)));
    peak = Math.max(peak, process.memoryUsage().rss);
    await nextTurn();
  }
  const written = performance.now() - started;
  const { value } = await said.next();
  const read = performance.now() - started;
  const cpu = process.cpuUsage(cpuBefore);
  const rate = (ms: number) => Math.round(LINES / (ms / 1_000));
  const mib = (bytes: number) => Math.round(bytes / 1024 / 1024);
  process.stdout.write(
    `${LINES} lines to ${readers} readers: written ${rate(written)}/s, read by each ${rate(read)}/s; ` +
      `host ${((cpu.user + cpu.system) / LINES).toFixed(1)} µs of CPU a line; ` +
      `memory ${mib(before)} MiB, at most ${mib(peak)} MiB; ${value}\n`,
  );
} finally {
  server.closeAllConnections();
  server.close();
  database.close();
  rmSync(folder, { recursive: true, force: true });
}

function lineOf(number: number): LogEvent {
  return {
    ts: "2026-03-01T12:00:00.000Z",
    level: "info",
    stream: "log",
    tenant_id: "t1",
    extension_id: "3f0e6a52-6f4f-4c57-9a0c-5d8f2e1b7c11",
    install_id: "94fc2830-d02e-4e04-8eee-39f845b268df",
    request_id: "0b2f6c1e-1f1d-4a65-8d0a-5f3a9c7e2b44",
    version_id: "c1d2e3f4-0001-4000-8000-00000000a001",
    content_hash: "sha256:158500000000000000000000000000000000000000000000000000000000009c93",
    message: `line ${number} of an extension that talks much`,
    truncated: false,
  };
}
