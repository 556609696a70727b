import { createDictionaries } from "../../core/logs/execution-kind.ts";
import type { Database } from "../../core/store/index.ts";

export const DISTINCT_PATHS = 100_000;
const EXTENSIONS = 40;
const TENANTS = 3;
/** Ends as they come: how often of a thousand, outcome, status, code. */
const ENDS = [
  [900, "succeeded", 200, null],
  [40, "succeeded", 404, null],
  [20, "succeeded", 500, null],
  [20, "refused", 404, "endpoint_not_found"],
  [10, "refused", 429, "rate_limited"],
  [6, "failed", 504, "timeout"],
  [3, "failed", 502, "bad_handler"],
  [1, "interrupted", null, null],
] as const;
const TRACE = JSON.stringify(
  ["authenticate", "tenant", "install", "version", "endpoint", "role", "size", "rate", "execute"].map(
    (rule) => ({ rule, outcome: "allow", detail: `The rule ${rule} allows it.`, source: "default" }),
  ),
);

/** Fills the log with so many rows of two weeks, in the table's own form: the writer would take minutes. */
export function fillExecutionLog(database: Database, rows: number): void {
  const indices = database
    .prepare<[], { name: string; sql: string }>(
      `SELECT name, sql FROM sqlite_master
       WHERE type = 'index' AND tbl_name = 'extension_execution_log' AND sql IS NOT NULL`,
    )
    .all();
  for (const { name } of indices) database.exec(`DROP INDEX ${name}`);
  const dictionaries = createDictionaries(database);
  const insert = database.prepare(
    `INSERT INTO extension_execution_log (id, request_id, tenant_id, extension_id, extension_name, version_id, install_id,
       content_hash, method, path, outcome, status, code, started_at, finished_at, duration_ms, memory_bytes, fuel,
       egress_bytes, host_calls, log_lines, trace, host_pid, kind_id, path_id, revision)
     VALUES (@id, @id, @tenant_id, @extension_id, @extension_name, @version_id, @install_id, 'sha256:0', 'GET', @path,
       @outcome, @status, @code, @started_at, @started_at, 4, 1048576, 1234, 0, 2, 1, @trace, 1, @kind_id, @path_id,
       @revision)`,
  );
  const first = Date.parse("2026-03-01T00:00:00.000Z");
  const add = database.transaction((from: number, to: number) => {
    for (let row = from; row < to; row += 1) {
      // A fixed pseudo-random walk: the same rows in every run.
      const dice = (row * 2_654_435_761) >>> 0;
      const extension = (dice >>> 8) % EXTENSIONS;
      const [, outcome, status, code] = endOf(dice % 1_000);
      const facts = {
        tenant_id: `tenant-${extension % TENANTS}`,
        extension_id: `registry-${extension}`,
        extension_name: `com.acme.extension${extension}`,
        install_id: `install-${extension}`,
        version_id: `version-${extension}-${Math.floor((row * 3) / rows)}`,
        outcome,
        code,
        status,
      };
      const item = dice % DISTINCT_PATHS;
      const path = `/items/${item}/orders`;
      insert.run({
        ...facts,
        id: idOf(row),
        path,
        trace: TRACE,
        started_at: new Date(first + row * 1_200).toISOString(),
        kind_id: dictionaries.kindOf(facts),
        path_id: dictionaries.pathOf(path),
        revision: row + 1,
      });
    }
  });
  for (let row = 0; row < rows; row += 10_000) add(row, Math.min(rows, row + 10_000));
  for (const { sql } of indices) database.exec(sql);
}

/** Looks like a random one. */
export function idOf(row: number): string {
  const hex = ((row * 2_654_435_761) >>> 0).toString(16).padStart(8, "0");
  return `${hex}-0000-4000-8000-${row.toString(16).padStart(12, "0")}`;
}

function endOf(dice: number): (typeof ENDS)[number] {
  let left = dice;
  for (const end of ENDS) {
    left -= end[0];
    if (left < 0) return end;
  }
  return ENDS[0];
}
