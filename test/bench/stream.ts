/**
 * `node test/bench/stream.ts [--readers N] [--json]`: lines on their way from the log book (secrets taken out, stored) to
 * readers over HTTP. Writer and host are this process, the readers another one: on two cores each has one.
 *
 * `kept up`: the writer is never more than `AHEAD` lines before the slowest reader, so nobody misses a line and the figure
 * is what goes through: lines a second to each reader, and summed over them. `flooded`: the writer waits for nobody and
 * one reader takes nothing until the end: the figures are the memory that it took, and whether what each missed was told.
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
import { createSecretText } from "../../core/platform/secret-text.ts";
import { openDatabase } from "../../core/store/index.ts";

const LINES = 300_000;
/** As a runner's batch has them. */
const BATCH = 100;
/** 4 MiB of the 8 that may wait for a reader. */
const AHEAD = 8_000;
const RSS_EVERY_BATCHES = 20;
const MIB = 1024 * 1024;
const readers = Number(process.argv[process.argv.indexOf("--readers") + 1]) || 20;
const secrets = createSecretText([
  ["API_KEY", "sk_live_4f3e2d1c0b9a8f7e"],
  ["PASSWORD", "correct horse battery staple"],
  ["TOKEN", "ghp_16C7e42F292c6912E7710c838347Ae178B4a"],
]);

interface Figures {
  readonly readers: number;
  readonly lines: number;
  /** Lines a second. */
  readonly written: number;
  /** Lines a second that the slowest reader has got, and what that is for all of them; only where nobody misses any. */
  readonly each?: number;
  readonly summed?: number;
  readonly host_cpu_us: number;
  readonly rss_before_mib: number;
  readonly rss_peak_mib: number;
  /** Of the reader that reads every word. `wrong`: lines out of order, with other words, or missing unannounced. */
  readonly checked: {
    lines: number;
    missed: number;
    gaps: number;
    wrong: number;
    bytes: number;
    /** Readers that got the same bytes, itself included. */
    same: number;
  };
}

const results = {
  kept_up: await run(false),
  // The one that takes nothing needs others to wait for.
  ...(readers > 1 ? { flooded: await run(true) } : {}),
};
for (const [name, figures] of Object.entries(results)) {
  const { lines, missed, gaps, wrong, same } = figures.checked;
  const read =
    figures.each === undefined ? "" : `, ${figures.each}/s to each reader, ${figures.summed}/s in all`;
  process.stdout.write(
    `${name}: ${figures.lines} lines to ${readers} readers: written ${figures.written}/s${read}; ` +
      `host ${figures.host_cpu_us.toFixed(1)} µs of CPU a line; ` +
      `memory ${figures.rss_before_mib} MiB, at most ${figures.rss_peak_mib} MiB; ` +
      `checked reader: ${lines} lines, ${missed} missed in ${gaps} announced gaps, ${wrong} wrong; ` +
      `${same} readers got the same bytes\n`,
  );
}
if (process.argv.includes("--json")) process.stdout.write(`${JSON.stringify(results)}\n`);
if (Object.values(results).some(({ checked }) => checked.wrong > 0)) process.exitCode = 1;

async function run(isFlooded: boolean): Promise<Figures> {
  const folder = mkdtempSync(join(tmpdir(), "workbench-bench-stream-"));
  const database = openDatabase(join(folder, "workbench.sqlite"));
  const book = createLogBook({ database, redactorOf: () => (text, isCut) => secrets.redact(text, isCut) });
  const live = createLiveStream({
    logs: book,
    executions: createExecutionLog({ database, clock: systemClock }),
  });
  const server = serve(live);
  try {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    // Cast: a TCP server's address is never a pipe's name.
    const { port } = server.address() as AddressInfo;
    const script = join(import.meta.dirname, "stream-readers.ts");
    const child = spawn(
      process.execPath,
      [script, `http://127.0.0.1:${port}/`, String(readers), String(LINES), ...(isFlooded ? ["stall"] : [])],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    let open = 0;
    let slowest = 0;
    let wake = () => {};
    const opened = Promise.withResolvers<void>();
    const done = Promise.withResolvers<Figures["checked"]>();
    let readAt = 0;
    createInterface({ input: child.stdout }).on("line", (line) => {
      if (line === "open" && ++open === readers) opened.resolve();
      else if (line.startsWith("at ")) {
        slowest = Number(line.slice(3));
        if (slowest === LINES) readAt = performance.now();
        wake();
      } else if (line.startsWith("done ")) done.resolve(JSON.parse(line.slice(5)));
    });
    await opened.promise;
    const before = process.memoryUsage.rss();
    let peak = before;
    const started = performance.now();
    const cpuBefore = process.cpuUsage();
    for (let first = 0; first < LINES; first += BATCH) {
      book.append(Array.from({ length: BATCH }, (_, index) => lineOf(first + index)));
      if (first % (BATCH * RSS_EVERY_BATCHES) === 0) peak = Math.max(peak, process.memoryUsage.rss());
      await nextTurn();
      while (!isFlooded && first - slowest > AHEAD) {
        const { promise, resolve } = Promise.withResolvers<void>();
        wake = resolve;
        await promise;
      }
    }
    const written = performance.now();
    const checked = await done.promise;
    const cpu = process.cpuUsage(cpuBefore);
    const rate = (until: number) => Math.round(LINES / ((until - started) / 1_000));
    return {
      readers,
      lines: LINES,
      written: rate(written),
      ...(isFlooded ? {} : { each: rate(readAt), summed: rate(readAt) * readers }),
      host_cpu_us: (cpu.user + cpu.system) / LINES,
      rss_before_mib: Math.round(before / MIB),
      rss_peak_mib: Math.round(peak / MIB),
      checked,
    };
  } finally {
    server.closeAllConnections();
    server.close();
    database.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function serve(live: ReturnType<typeof createLiveStream>) {
  return createServer(
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
