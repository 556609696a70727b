import { z } from "zod";
import type { decisionSchema } from "./decision.ts";
import { logLevelSchema } from "./log-event.ts";

/** `log`: a line · `execution`: a row that began or ended · `decision`: each of a row's decisions, when it has ended. */
export const LIVE_TYPES = ["log", "execution", "decision"] as const;
const liveTypeSchema = z.enum(LIVE_TYPES);
export type LiveType = z.infer<typeof liveTypeSchema>;

/** Which events; all given conditions must hold. */
export interface LiveFilter {
  readonly types: readonly LiveType[];
  readonly tenant_id?: string | undefined;
  /** Registry id. */
  readonly extension_id?: string | undefined;
  readonly request_id?: string | undefined;
  /** Of lines: this level and those above it. */
  readonly min_level?: z.infer<typeof logLevelSchema> | undefined;
  /** Part of a line's message, of an execution's path, extension or code, or of a decision's words; without case. */
  readonly text?: string | undefined;
}

/**
 * Query of `GET /api/ext-debug/stream`. Events: unnamed ones are lines (`LogItem`), `execution` is an `ExecutionRecord`,
 * `decision` a `LiveDecision`, `gap` a `LiveGap`.
 */
export const liveQuerySchema = z.object({
  /** Registry id, install id or name; absent: every extension of the tenant. */
  extensionId: z.string().min(1).max(256).optional(),
  /** Several with commas between them; absent: all. */
  types: z
    .string()
    .transform((text) => text.split(","))
    .pipe(z.array(liveTypeSchema).min(1))
    .optional(),
  level: logLevelSchema.optional(),
  text: z.string().max(256).optional(),
  request: z.string().max(256).optional(),
  /** `all` follows every tenant; for the host's own token only. */
  tenants: z.literal("all").optional(),
});

/**
 * Where a reader stands, as the stream's event ids have it: the newest line's id, a dot, and the newest change of an
 * execution.
 */
export interface LivePosition {
  readonly log: number;
  readonly execution: number;
}

export function positionText({ log, execution }: LivePosition): string {
  return `${log}.${execution}`;
}

/** @returns `undefined` for what no stream gave; a bare number is a line's id */
export function positionOf(text: string): LivePosition | undefined {
  const [, log, execution] = /^(\d{1,15})(?:\.(\d{1,15}))?$/.exec(text) ?? [];
  if (log === undefined) return undefined;
  return {
    log: Number(log),
    execution: execution === undefined ? Number.MAX_SAFE_INTEGER : Number(execution),
  };
}

/** One decision of an execution that has ended. */
export type LiveDecision = z.infer<typeof decisionSchema> & {
  readonly execution_id: string;
  readonly request_id: string;
  readonly tenant_id: string;
  readonly extension_id: string;
};

/** Events that this reader was too slow for, or that retention has removed: those after `from` up to `to`. */
export const liveGapSchema = z.object({
  from: z.string(),
  to: z.string(),
  /** How many of them passed the filter; absent when they are no longer known. */
  missed: z.number().int().optional(),
});
export type LiveGap = z.infer<typeof liveGapSchema>;
