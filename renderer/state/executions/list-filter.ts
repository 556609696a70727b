import { z } from "zod";
import { type ExecutionFilter, executionFilterSchema } from "../../../core/contract/execution-record.ts";
import type { SavedView } from "../../../core/contract/saved-view.ts";
import { commandLine } from "../command-line.ts";

const MINUTE_MS = 60_000;
/** In words, and in milliseconds. */
export const LAST_TIMES = [
  ["last 15 min", 15 * MINUTE_MS],
  ["last hour", 60 * MINUTE_MS],
  ["last 24 h", 24 * 60 * MINUTE_MS],
  ["last 7 days", 7 * 24 * 60 * MINUTE_MS],
] as const;

const listFilterSchema = executionFilterSchema
  .omit({ limit: true, cursor: true })
  .extend({ within_ms: z.number().positive().optional() });

/** What the list is filtered by. `within_ms` moves with the time and goes before `since`; the host is asked with a time. */
export type ListFilter = z.infer<typeof listFilterSchema>;

export function askedFilter({ within_ms, ...filter }: ListFilter, now: number): ExecutionFilter {
  return within_ms === undefined ? filter : { ...filter, since: new Date(now - within_ms).toISOString() };
}

/** The filter that a saved view holds; what it cannot be is left out. */
export function filterOfView(saved: SavedView["filter"]): ListFilter {
  const parsed = listFilterSchema.safeParse(saved);
  return parsed.success ? parsed.data : {};
}

/** A filter as a view keeps it. */
export function viewOfFilter(filter: ListFilter): SavedView["filter"] {
  return Object.fromEntries(
    Object.entries(filter).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
}

const OPTIONS = [
  ["extension", "--extension"],
  ["version_id", "--version"],
  ["tenant_id", "--tenant"],
  ["outcome", "--outcome"],
  ["code", "--code"],
  ["status", "--status"],
  ["request_id", "--request"],
  ["text", "--text"],
] as const;

export function listCommand(filter: ListFilter, now: number): string {
  const { since, until } = askedFilter(filter, now);
  return commandLine([
    ...["workbench", "executions", "list"],
    ...OPTIONS.flatMap(([key, option]) => {
      const value = filter[key];
      return value === undefined ? [] : [option, String(value)];
    }),
    ...(since === undefined ? [] : ["--since", since]),
    ...(until === undefined ? [] : ["--until", until]),
  ]);
}
