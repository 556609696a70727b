import { z } from "zod";

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
});
export type Decision = z.infer<typeof decisionSchema>;
export type DecisionTrace = readonly Decision[];
