import { z } from "zod";
import { capabilitySchema } from "./capability.ts";
import { limitOverridesSchema } from "./limit-overrides.ts";
import { policyExplanationSchema } from "./policy-explanation.ts";

/** Folder of a project that holds its policy scenarios, a JSON file each. */
export const SCENARIO_FOLDER = "policy";
export const MAX_SCENARIO_FILE_BYTES = 1_048_576;
const MAX_SCENARIOS = 1_000;
const MAX_TARGET_CHARACTERS = 8_192;

/** What of a persona decides whether it may call. */
export const personaKindSchema = z.union([
  z.strictObject({
    user_type: z.literal("internal"),
    roles: z.array(z.enum(["read", "write"])).describe("read covers GET, write the rest."),
  }),
  z.strictObject({ user_type: z.literal("client") }),
]);

const callerSchema = z.union([
  z.literal("anonymous").describe("A call without credentials."),
  ...personaKindSchema.options,
]);

/** One call, what is assumed about the install and its use so far, and what the gateway must decide. */
const scenarioSchema = z.strictObject({
  name: z.string().min(1).max(200).describe("What is tested, as a sentence."),
  request: z
    .strictObject({
      method: z.string().min(1).max(16).describe("GET, POST, PUT, PATCH or DELETE; others are refused."),
      path: z
        .string()
        .min(1)
        .max(MAX_TARGET_CHARACTERS)
        .describe("Path with its query, below the extension."),
      headers: z.record(z.string(), z.string()).optional().describe("Request headers by name."),
      body_bytes: z.number().int().nonnegative().optional().describe("Size of the body, in bytes."),
    })
    .describe("The call."),
  as: callerSchema.optional().describe("Who calls. Default: an internal user who may read and write."),
  install: z
    .strictObject({
      installed: z.boolean().optional().describe("Default: true."),
      enabled: z.boolean().optional().describe("Default: true."),
      granted: z
        .array(capabilitySchema)
        .optional()
        .describe("Capabilities that were granted. Default: all that the manifest asks for."),
      limits: limitOverridesSchema
        .optional()
        .describe("Limits of the install; what is absent is the default."),
    })
    .optional()
    .describe("The install as it is assumed. Default: enabled, everything granted, default limits."),
  use: z
    .strictObject({
      tokens_left: z.number().nonnegative().optional().describe("Calls left in the rate's bucket."),
      running: z.number().int().nonnegative().optional().describe("Calls that run at the same time."),
      used: z
        .record(z.string(), z.number().nonnegative())
        .optional()
        .describe(
          "By the name of a window limit, such as egress_bytes_per_minute: what has been used of it.",
        ),
    })
    .optional()
    .describe("What has been used before the call. Default: nothing."),
  expect: z
    .strictObject({
      outcome: z.enum(["allow", "deny"]).describe("Whether anything refuses the call before it runs."),
      rule: z.string().optional().describe("The rule that refuses first."),
      code: z.string().optional().describe("Error code of the first refusal, such as forbidden."),
      status: z.number().int().optional().describe("HTTP status of the first refusal."),
      grants: z
        .array(capabilitySchema)
        .optional()
        .describe("Capabilities that a call must have when it runs; others are not looked at."),
    })
    .describe("What must be decided."),
});
export type PolicyScenario = z.infer<typeof scenarioSchema>;

/** A file of scenarios, as `workbench policy test` reads it. */
export const scenarioFileSchema = z.strictObject({
  $schema: z.string().optional().describe("Where an editor finds the schema of this file."),
  scenarios: z.array(scenarioSchema).min(1).max(MAX_SCENARIOS).describe("Run in order, each by itself."),
});
export type ScenarioFile = z.infer<typeof scenarioFileSchema>;

/** What became of one scenario. */
export const scenarioResultSchema = z.object({
  name: z.string(),
  passed: z.boolean(),
  /** Each thing that was expected and is otherwise. */
  differences: z.array(z.object({ what: z.string(), expected: z.string(), actual: z.string() })).readonly(),
  explanation: policyExplanationSchema,
});
export type ScenarioResult = z.infer<typeof scenarioResultSchema>;
