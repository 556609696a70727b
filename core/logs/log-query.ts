import { logLevelSchema } from "../contract/log-event.ts";
import {
  type LogFilter,
  type LogItem,
  type LogPage,
  type LogQuery,
  logQuerySchema,
} from "../contract/log-query.ts";
import type { Database } from "../store/index.ts";
import { Conditions, storedTime } from "./conditions.ts";
import { invalidFilter } from "./errors.ts";

/** A row of `extension_log_event` as SQLite returns it. */
type LogRow = Omit<LogItem, "truncated"> & { truncated: 0 | 1 };

export function queryLog(database: Database, query: LogQuery): LogPage {
  const parsed = logQuerySchema.safeParse(query);
  if (!parsed.success) throw invalidFilter(parsed.error);
  const { after, limit, ...filter } = parsed.data;
  const conditions = conditionsOf(filter);
  if (after !== undefined) conditions.add("id > ?", after);
  // Without a starting point the newest lines are wanted, and shown in the order in which they were written.
  const order = after === undefined ? "DESC" : "ASC";
  const rows = database
    .prepare<unknown[], LogRow>(
      `SELECT * FROM extension_log_event ${conditions.where} ORDER BY id ${order} LIMIT ?`,
    )
    .all(...conditions.values, limit);
  const items = rows.map((row) => ({ ...row, truncated: row.truncated === 1 }));
  return { items: after === undefined ? items.reverse() : items };
}

function conditionsOf(filter: LogFilter): Conditions {
  const conditions = new Conditions();
  if (filter.tenant_id !== undefined) conditions.add("tenant_id = ?", filter.tenant_id);
  if (filter.extension !== undefined) {
    conditions.add("extension_id = ? OR install_id = ?", filter.extension, filter.extension);
  }
  if (filter.request_id !== undefined) conditions.add("request_id = ?", filter.request_id);
  if (filter.stream !== undefined) conditions.add("stream = ?", filter.stream);
  if (filter.min_level !== undefined) {
    const levels = logLevelSchema.options;
    const wanted = levels.slice(levels.indexOf(filter.min_level));
    conditions.add(`level IN (${wanted.map(() => "?").join(", ")})`, ...wanted);
  }
  if (filter.since !== undefined) conditions.add("ts >= ?", storedTime(filter.since));
  if (filter.until !== undefined) conditions.add("ts < ?", storedTime(filter.until));
  if (filter.text !== undefined) conditions.addText(["message"], filter.text);
  return conditions;
}
