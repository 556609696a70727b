/**
 * `node test/bench/record.ts [--rows N] [--json]`: pages out of a million executions for what the screen can filter by,
 * rows written a second, and the live stream to twenty readers.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NO_USAGE } from "../../core/contract/execute.ts";
import type { ExecutionFilter } from "../../core/contract/execution-record.ts";
import { createExecutionLog, type ExecutionLog } from "../../core/logs/index.ts";
import { systemClock } from "../../core/platform/clock.ts";
import { randomIds } from "../../core/platform/ids.ts";
import { openDatabase } from "../../core/store/index.ts";
import { type Figure, quantile } from "./measure.ts";
import { fillExecutionLog, idOf } from "./record-rows.ts";

const PAGE_ROWS = 50;
const PAGES_A_FILTER = 40;
const WRITE_MS = 3_000;
const CALLS_AT_ONCE = 16;

const rows = Number(process.argv[process.argv.indexOf("--rows") + 1]) || 1_000_000;
const folder = mkdtempSync(join(tmpdir(), "workbench-bench-record-"));
try {
  const database = openDatabase(join(folder, "workbench.sqlite"));
  const started = performance.now();
  fillExecutionLog(database, rows);
  process.stderr.write(`${rows} rows in ${Math.round((performance.now() - started) / 1_000)} s\n`);
  const log = createExecutionLog({ database, clock: systemClock });
  const pages = FILTERS().map(([name, filter]) => pageFigure(log, name, filter));
  const written = await writeFigure(log);
  if (process.argv.includes("--json")) process.stdout.write(`${JSON.stringify({ pages, written })}\n`);
  else {
    for (const { name, p50, p95, samples } of pages)
      process.stdout.write(
        `${name.padEnd(52)} p50 ${p50.toFixed(2)} ms  p95 ${p95.toFixed(2)} ms  n=${samples}\n`,
      );
    process.stdout.write(
      `calls recorded, begin and finish, ${CALLS_AT_ONCE} at once, beside ${rows} rows: ${written} /s\n`,
    );
  }
  database.close();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** One of each that the screen offers, and combinations that are common, rare and empty. */
function FILTERS(): [string, ExecutionFilter][] {
  const week = "2026-03-08T00:00:00.000Z";
  const end = new Date(Date.parse("2026-03-01T00:00:00.000Z") + rows * 1_200);
  const recent = new Date(end.getTime() - 3_600_000).toISOString();
  return [
    ["nothing", {}],
    ["tenant", { tenant_id: "tenant-1" }],
    ["extension", { extension: "com.acme.extension7" }],
    ["extension that is not there", { extension: "com.acme.nothing" }],
    ["version", { version_id: "version-7-0" }],
    ["outcome succeeded", { outcome: "succeeded" }],
    ["outcome failed", { outcome: "failed" }],
    ["outcome interrupted", { outcome: "interrupted" }],
    ["outcome running (none)", { outcome: "running" }],
    ["code bad_handler", { code: "bad_handler" }],
    ["code that never came", { code: "fuel_exhausted" }],
    ["status 500", { status: 500 }],
    ["request id", { request_id: idOf(Math.floor(rows / 2)) }],
    ["since last hour", { since: recent }],
    ["a week ago until then", { until: week }],
    ["extension, failed, since", { extension: "com.acme.extension7", outcome: "failed", since: week }],
    ["version, code, tenant: common", { version_id: "version-7-2", code: "timeout", tenant_id: "tenant-1" }],
    ["version and another tenant: empty", { version_id: "version-7-2", tenant_id: "tenant-2" }],
    ["text in every path", { text: "items" }],
    ["text in one path", { text: "/items/77777/" }],
    ["text in a thousand paths", { text: "/items/99" }],
    ["text in an extension's name", { text: "extension13" }],
    ["text in a code", { text: "bad_hand" }],
    ["beginning of a request id", { text: idOf(12_345).slice(0, 12) }],
    ["text that nothing has", { text: "zzzz" }],
    ["short text that nothing has", { text: "zq" }],
    ["text everywhere, extension", { text: "orders", extension: "com.acme.extension7" }],
    ["text everywhere, code", { text: "orders", code: "bad_handler" }],
    ["text in a thousand paths, rare outcome", { text: "/items/99", outcome: "interrupted" }],
    ["text in one path, code, until", { text: "/items/77777/", code: "timeout", until: week }],
    ["short text, rare outcome", { text: "77", outcome: "interrupted" }],
  ];
}

/** Pages one after the other, so that later ones count too. */
function pageFigure(log: ExecutionLog, name: string, filter: ExecutionFilter): Figure {
  const samples: number[] = [];
  let cursor: string | undefined;
  let found = 0;
  for (let page = 0; page < PAGES_A_FILTER; page += 1) {
    const start = performance.now();
    const answer = log.list({ ...filter, limit: PAGE_ROWS, ...(cursor === undefined ? {} : { cursor }) });
    samples.push(performance.now() - start);
    found += answer.items.length;
    cursor = answer.next;
  }
  return {
    name: `${name} (${found} in ${PAGES_A_FILTER})`,
    p50: quantile(samples, 0.5),
    p95: quantile(samples, 0.95),
    samples: samples.length,
  };
}

async function writeFigure(log: ExecutionLog): Promise<number> {
  const until = performance.now() + WRITE_MS;
  let finished = 0;
  const worker = async () => {
    while (performance.now() < until) {
      const id = randomIds.timeOrdered();
      await log.begin({
        id,
        request_id: id,
        tenant_id: "tenant-1",
        extension_id: "registry-7",
        extension_name: "com.acme.extension7",
        version_id: "version-7-2",
        install_id: "install-7",
        content_hash: "sha256:0",
        method: "GET",
        path: `/items/${finished % 1_000}`,
      });
      await log.finish(id, { outcome: "succeeded", status: 200, usage: NO_USAGE, trace: [] });
      finished += 1;
    }
  };
  await Promise.all(Array.from({ length: CALLS_AT_ONCE }, worker));
  return Math.round((finished / WRITE_MS) * 1_000);
}
