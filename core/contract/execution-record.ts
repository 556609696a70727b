import { z } from "zod";
import { decisionSchema } from "./decision.ts";
import { usageSchema } from "./execute.ts";

/**
 * `running`: dispatched, not finished · `succeeded`: the extension answered, whatever its status · `refused`: a rule
 * said no before dispatch · `failed`: dispatched, no answer of the extension reached the caller · `interrupted`: the
 * host died or the caller gave up while it ran.
 */
const EXECUTION_OUTCOMES = ["running", "succeeded", "refused", "failed", "interrupted"] as const;
export const executionOutcomeSchema = z.enum(EXECUTION_OUTCOMES);

/** What is known of a call before it is dispatched. Ids are empty text where a refusal came before they were known. */
export const executionStartSchema = z.object({
  /** The execution id, unique; a request id is the caller's and may repeat. */
  id: z.string(),
  request_id: z.string(),
  tenant_id: z.string(),
  /** Registry id; what the caller wrote when it resolved to nothing. */
  extension_id: z.string(),
  extension_name: z.string(),
  version_id: z.string(),
  install_id: z.string(),
  content_hash: z.string(),
  method: z.string(),
  /** Without the query, which may carry secrets. */
  path: z.string(),
});
export type ExecutionStart = z.infer<typeof executionStartSchema>;

/** How it ended. */
const executionEndSchema = z.object({
  outcome: executionOutcomeSchema.exclude(["running"]),
  /** Status that the caller got; absent when nobody was answered. */
  status: z.number().int().optional(),
  /** Gateway error code; absent when the extension answered. */
  code: z.string().optional(),
  usage: usageSchema,
  trace: z.array(decisionSchema),
});
export type ExecutionEnd = z.infer<typeof executionEndSchema>;

/** One row of the execution log. Times are ISO 8601 with milliseconds, UTC. */
export const executionRecordSchema = executionStartSchema.extend({
  outcome: executionOutcomeSchema,
  status: z.number().int().optional(),
  code: z.string().optional(),
  started_at: z.string(),
  finished_at: z.string().optional(),
  usage: usageSchema.optional(),
  trace: z.array(decisionSchema),
});
export type ExecutionRecord = z.infer<typeof executionRecordSchema>;

/** Filters of `executions list`; all given ones must hold. */
export const executionFilterSchema = z.strictObject({
  tenant_id: z.string().optional(),
  /** Registry id, install id or name. */
  extension: z.string().optional(),
  version_id: z.string().optional(),
  outcome: executionOutcomeSchema.optional(),
  code: z.string().optional(),
  /** Status that the caller got. */
  status: z.number().int().min(100).max(599).optional(),
  request_id: z.string().optional(),
  /** ISO 8601, inclusive. */
  since: z.iso.datetime({ offset: true }).optional(),
  /** ISO 8601, exclusive. */
  until: z.iso.datetime({ offset: true }).optional(),
  /** Part of the path, the extension's name or the code, without case; or the beginning of the request id. */
  text: z.string().max(256).optional(),
  limit: z.number().int().min(1).max(500).default(50),
  /** `next` of the page before. */
  cursor: z.string().max(256).optional(),
});
export type ExecutionFilter = z.input<typeof executionFilterSchema>;

export const executionPageSchema = z.object({
  /** Newest first. */
  items: z.array(executionRecordSchema),
  /** Present when there are more, or may be. */
  next: z.string().optional(),
  /**
   * Set when the search stopped before the page was full, because little of the log matches: everything that matches
   * since this time is here, and `next` searches on.
   */
  searched_to: z.string().optional(),
});
export type ExecutionPage = z.infer<typeof executionPageSchema>;
