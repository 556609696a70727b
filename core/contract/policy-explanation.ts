import { z } from "zod";
import { decisionSchema } from "./decision.ts";

/** What to change so that a rule answers otherwise. */
const remedySchema = z.object({
  /** In words. */
  text: z.string(),
  /** The command that does it. */
  command: z.string().optional(),
  /** The place in the manifest, when the rule comes from there; line and column from 1, where they are known. */
  manifest: z
    .object({
      path: z.array(z.union([z.string(), z.number()])).readonly(),
      line: z.number().int().positive().optional(),
      column: z.number().int().positive().optional(),
    })
    .optional(),
});
export type Remedy = z.infer<typeof remedySchema>;

/** One rung of the whole ladder. `unknown`: what it judges is only known once the extension has answered. */
export const explainedDecisionSchema = decisionSchema.omit({ outcome: true }).extend({
  outcome: z.enum(["allow", "deny", "unknown"]),
  /** HTTP status that a caller would get; of refusals. */
  status: z.number().int().optional(),
  remedy: remedySchema.optional(),
});
export type ExplainedDecision = z.infer<typeof explainedDecisionSchema>;

/** What the gateway would decide of a call, without making it. */
export const policyExplanationSchema = z.object({
  /** Nothing that is known before the execution refuses the call. */
  allowed: z.boolean(),
  /** Rule of the first refusal: the one that a caller would be told. */
  refused_by: z.string().optional(),
  code: z.string().optional(),
  status: z.number().int().optional(),
  /** Every rung in order; those after the first refusal are asked too, where their facts are known. */
  decisions: z.array(explainedDecisionSchema).readonly(),
});
export type PolicyExplanation = z.infer<typeof policyExplanationSchema>;
