import { z } from "zod";
import {
  type ExecutionFilter,
  type ExecutionPage,
  executionFilterSchema,
} from "../contract/execution-record.ts";
import type { Database } from "../store/index.ts";
import { Conditions, storedTime } from "./conditions.ts";
import { LogError } from "./errors.ts";
import { type ExecutionRow, toRecord } from "./execution-row.ts";

const TEXT_COLUMNS = ["path", "extension_name", "code", "request_id"];
const cursorSchema = z.tuple([z.string(), z.string()]);

/** One page, newest first, by keyset: later rows never shift what the next page shows. */
export function listExecutions(database: Database, filter: ExecutionFilter): ExecutionPage {
  const parsed = executionFilterSchema.safeParse(filter);
  if (!parsed.success) {
    throw new LogError({
      code: "filter_invalid",
      message: `The filter is invalid: ${z.prettifyError(parsed.error)}`,
    });
  }
  const { limit, cursor, extension, since, until, text, ...equal } = parsed.data;
  const conditions = new Conditions();
  for (const [column, value] of Object.entries(equal)) {
    // Columns are the schema's own names, never a caller's text.
    if (value !== undefined) conditions.add(`${column} = ?`, value);
  }
  if (extension !== undefined) {
    conditions.add(
      "extension_id = ? OR install_id = ? OR extension_name = ?",
      extension,
      extension,
      extension,
    );
  }
  if (since !== undefined) conditions.add("started_at >= ?", storedTime(since));
  if (until !== undefined) conditions.add("started_at < ?", storedTime(until));
  if (text !== undefined) conditions.addText(TEXT_COLUMNS, text);
  if (cursor !== undefined) conditions.add("(started_at, id) < (?, ?)", ...decodeCursor(cursor));

  const rows = database
    .prepare<unknown[], ExecutionRow>(
      `SELECT * FROM extension_execution_log ${conditions.where} ORDER BY started_at DESC, id DESC LIMIT ?`,
    )
    .all(...conditions.values, limit + 1);
  const items = rows.slice(0, limit).map(toRecord);
  const last = items.at(-1);
  return {
    items,
    ...(rows.length > limit && last !== undefined ? { next: encodeCursor([last.started_at, last.id]) } : {}),
  };
}

function encodeCursor(key: readonly [string, string]): string {
  return Buffer.from(JSON.stringify(key)).toString("base64url");
}

function decodeCursor(cursor: string): [string, string] {
  try {
    return cursorSchema.parse(JSON.parse(Buffer.from(cursor, "base64url").toString("utf8")));
  } catch {
    throw new LogError({
      code: "cursor_invalid",
      message: "The cursor is not one that a page of executions gave.",
      hint: "Start again without a cursor.",
    });
  }
}
