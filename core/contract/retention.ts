import { z } from "zod";

const DAYS = z.number().int().min(1).max(3_650);
const ROWS = z.number().int().min(1_000).max(100_000_000);

/** What is kept of the record. What is older or beyond goes; what runs never does. */
export const retentionPolicySchema = z.strictObject({
  execution_days: DAYS.default(30),
  execution_rows: ROWS.default(1_000_000),
  log_days: DAYS.default(14),
  log_rows: ROWS.default(2_000_000),
  /** Of the whole database: beyond it the oldest of both go first. */
  megabytes: z.number().int().min(64).max(1_000_000).default(4_096),
});
export type RetentionPolicy = z.infer<typeof retentionPolicySchema>;

export const DEFAULT_RETENTION: RetentionPolicy = retentionPolicySchema.parse({});

export const prunedSchema = z.object({ executions: z.number().int(), log_lines: z.number().int() });
export type Pruned = z.infer<typeof prunedSchema>;
