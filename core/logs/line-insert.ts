import type { LogEvent } from "../contract/log-event.ts";
import type { LogItem } from "../contract/log-query.ts";
import type { Database } from "../store/index.ts";

/** A statement for each line would cost a third more; beyond ten nothing is gained. */
const LINES_A_STATEMENT = 10;
const COLUMNS =
  "ts, level, stream, tenant_id, extension_id, install_id, request_id, version_id, content_hash, message, truncated";
const PLACES = `(${COLUMNS.replace(/\w+/g, "?")})`;

/** Writes lines in the caller's transaction, without which their ids would not be one after the other. */
export function createLineInsert(database: Database): (events: readonly LogEvent[]) => LogItem[] {
  const prepare = (lines: number) =>
    database.prepare<unknown[]>(
      `INSERT INTO extension_log_event (${COLUMNS}) VALUES ${Array(lines).fill(PLACES).join(", ")}`,
    );
  const ten = prepare(LINES_A_STATEMENT);
  const one = prepare(1);
  return (events) => {
    let next = 0;
    let last = 0;
    const run = (statement: typeof one, lines: number) => {
      const { lastInsertRowid } = statement.run(events.slice(next, next + lines).flatMap(valuesOf));
      last = Number(lastInsertRowid);
      next += lines;
    };
    while (next + LINES_A_STATEMENT <= events.length) run(ten, LINES_A_STATEMENT);
    while (next < events.length) run(one, 1);
    return events.map((event, index) => ({ ...event, id: last - events.length + 1 + index }));
  };
}

/** In the order of `COLUMNS`. */
function valuesOf(event: LogEvent): (string | number)[] {
  return [
    event.ts,
    event.level,
    event.stream,
    event.tenant_id,
    event.extension_id,
    event.install_id,
    event.request_id,
    event.version_id,
    event.content_hash,
    event.message,
    event.truncated ? 1 : 0,
  ];
}
