import { z } from "zod";

/** What a limit says of one call: the figure, what was used of it before or by the call, and what is left. */
const budgetSchema = z.object({
  /** Name of the limit, e.g. `rate_burst`, `egress_bytes_per_minute`; its unit is in the catalogue of limits. */
  name: z.string(),
  /** Whose use is counted: this install's, or all installs' of the extension or the tenant together. */
  scope: z.enum(["install", "extension", "tenant"]),
  limit: z.number(),
  used: z.number(),
  remaining: z.number(),
});
export type Budget = z.infer<typeof budgetSchema>;

/** One rung of the decision ladder, in the order in which it was asked. */
export const decisionSchema = z.object({
  /** Stable name of the decision, e.g. `authenticate`, `endpoint`, `request_size`. */
  rule: z.string(),
  outcome: z.enum(["allow", "deny"]),
  /** Gateway error code when denied. */
  code: z.string().optional(),
  /** In words: what was asked and what was found. */
  detail: z.string(),
  /** Where the rule comes from: `manifest:api.endpoints[1]`, `install:limits.timeout_ms`, `default`. */
  source: z.string(),
  /** Of rules that compare figures. */
  budgets: z.array(budgetSchema).readonly().optional(),
});
export type Decision = z.infer<typeof decisionSchema>;
export type DecisionTrace = readonly Decision[];
