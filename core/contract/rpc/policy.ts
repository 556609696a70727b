import { z } from "zod";
import { headerSchema } from "../execute.ts";
import { policyExplanationSchema } from "../policy-explanation.ts";
import { scenarioResultSchema } from "../policy-scenario.ts";

const MAX_HEADERS = 100;

/** Procedures of the policy screen. */
export const policyProcedures = {
  /** What every rule says of a call as things stand now. Nothing is called, counted or recorded. */
  "policy.explain": {
    input: z.strictObject({
      tenant_id: z.string().min(1).max(256),
      /** Registry id, install id or name. */
      ref: z.string().max(256),
      method: z.string().min(1).max(16),
      /** Path with its query. */
      path: z.string().max(16_384),
      headers: z.array(headerSchema).max(MAX_HEADERS).readonly(),
      body_bytes: z.number().int().nonnegative(),
      /** `null`: a call without credentials; absent: the tenant's first persona. */
      persona_id: z.string().max(256).nullable().optional(),
    }),
    output: policyExplanationSchema,
  },
  /** Runs the scenarios of the open project. Fails with `scenarios_missing`, `scenarios_invalid`, `manifest_invalid`. */
  "policy.test": {
    input: z.strictObject({}),
    output: z.object({
      /** Absolute folder of the project; absent when none is open. */
      dir: z.string().optional(),
      files: z
        .array(z.object({ file: z.string(), results: z.array(scenarioResultSchema).readonly() }))
        .readonly(),
      passed: z.number().int(),
      failed: z.number().int(),
    }),
  },
} as const;
