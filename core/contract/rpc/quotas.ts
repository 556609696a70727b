import { z } from "zod";
import { limitOverridesSchema, sharedLimitsSchema } from "../limit-overrides.ts";

/* Names of limits and their units are those of ../limit-catalogue.ts. Times are Unix seconds. */

const nothing = z.strictObject({});
const id = z.string().min(1).max(256);
const count = z.number().nonnegative();

const resolvedLimitSchema = z.object({ value: z.number(), source: z.string() });

const windowUsageSchema = z.object({
  invocations: count,
  errors: count,
  /** Calls turned away by rate, concurrency or quota; counted by the minute only. */
  refused: count,
  duration_ms: count,
  cpu_ms: count,
  memory_ms: count,
  fuel: count,
  egress_bytes: count,
});

const windowSchema = z.object({
  period: z.enum(["minute", "hour", "day", "month"]),
  /** ISO 8601, UTC. */
  start: z.string(),
  ends_in_ms: z.number(),
  usage: windowUsageSchema,
});

/** Limits over all installs of an extension, or of a tenant, together. */
const sharedSchema = z.object({
  scope: z.enum(["extension", "tenant"]),
  id: z.string(),
  limits: sharedLimitsSchema,
  windows: z.array(windowSchema).readonly(),
});

const installQuotaSchema = z.object({
  install_id: z.string(),
  tenant_id: z.string(),
  registry_id: z.string(),
  extension_name: z.string(),
  /** What is in force, by name of the limit. */
  limits: z.record(z.string(), resolvedLimitSchema),
  /** What the install itself sets, and the profile that it is set to. */
  own: limitOverridesSchema,
  profile: z.string().optional(),
  tenant_profile: z.string().optional(),
  /** The current minute. */
  window: windowSchema.pick({ start: true, ends_in_ms: true }),
  usage: windowUsageSchema,
  windows: z.array(windowSchema).readonly(),
  shared: z.array(sharedSchema).readonly(),
});
export type InstallQuota = z.infer<typeof installQuotaSchema>;

const tenantQuotaSchema = z.object({
  tenant_id: z.string(),
  name: z.string(),
  /** What the tenant sets for each of its installs, and the profile that it is set to. */
  own: limitOverridesSchema,
  profile: z.string().optional(),
  shared: sharedSchema,
  installs: z.array(installQuotaSchema).readonly(),
});
export type TenantQuota = z.infer<typeof tenantQuotaSchema>;

const profileSchema = z.object({
  name: z.string(),
  /** The built-in ones cannot be changed. */
  built_in: z.boolean(),
  limits: limitOverridesSchema,
  used_by: z
    .array(z.object({ scope: z.enum(["install", "extension", "tenant"]), id: z.string() }))
    .readonly(),
});
export type QuotaProfileEntry = z.infer<typeof profileSchema>;

/** `null` removes a figure. */
const changesSchema = z.record(z.string().max(64), z.number().int().nonnegative().nullable());

const headroomSchema = z.object({
  /** Absent: the limits that are in force for the install now. */
  profile: z.string().optional(),
  rows: z
    .array(
      z.object({
        name: z.string(),
        used: z.number(),
        limit: z.number(),
        /** `null`: the limit is 0 and something was used. */
        percent: z.number().nullable(),
        refuses: z.boolean(),
        source: z.string(),
      }),
    )
    .readonly(),
  /** The first limit that would have refused or stopped the call. */
  first_refusal: z.string().optional(),
});
const executionHeadroomSchema = z.object({
  execution_id: z.string(),
  profiles: z.array(headroomSchema).readonly(),
});
export type ExecutionHeadroom = z.infer<typeof executionHeadroomSchema>;

/** What was used in one step of time. Sums are over the step, peaks the highest in it. */
const usagePointSchema = z.object({
  /** Unix time in seconds at which the step begins. */
  at: z.number().int(),
  /** Calls that began. */
  calls: count,
  /** Calls that failed. */
  errors: count,
  /** Calls turned away by rate, concurrency or quota. */
  refused: count,
  /** Most calls that ran at once. */
  concurrency: count,
  /** Of the calls that ended; absent when none did. To about 4 %. */
  p50_ms: count.optional(),
  p95_ms: count.optional(),
  /** Most that one call used. */
  fuel: count,
  memory_bytes: count,
  egress_bytes: count,
});
export type UsagePoint = z.infer<typeof usagePointSchema>;

export const USAGE_RANGES = ["5 min", "1 h", "24 h"] as const;
export type UsageRange = (typeof USAGE_RANGES)[number];

const usageEventSchema = z.object({
  /** The first event of a subscription: everything that is kept of the range. Later ones add to it. */
  is_first: z.boolean(),
  step_seconds: z.number().int().positive(),
  range_seconds: z.number().int().positive(),
  /** The host keeps seconds since then; minutes are older. */
  since: z.number().int(),
  points: z.array(usagePointSchema).readonly(),
});
export type UsageEvent = z.infer<typeof usageEventSchema>;

/** Procedures of the quotas screen: `{name: {input, output}}`; merged into the one map in ../rpc.ts. */
export const quotasProcedures = {
  "quotas.install": { input: z.strictObject({ tenant_id: id, ref: id }), output: installQuotaSchema },
  "quotas.tenant": { input: z.strictObject({ tenant_id: id }), output: tenantQuotaSchema },
  /** Sets figures and profile of an install, or of a tenant when `ref` is absent. */
  "quotas.set": {
    input: z.strictObject({
      tenant_id: id,
      ref: id.optional(),
      limits: changesSchema.optional(),
      /** Over all installs of the tenant; with `ref`, of the extension. */
      shared: changesSchema.optional(),
      /** `null`: none. */
      profile: z.string().max(64).nullable().optional(),
      /** Forgets every figure and the profile first. */
      reset: z.boolean().optional(),
    }),
    output: nothing,
  },
  "quotas.profiles": { input: nothing, output: z.object({ profiles: z.array(profileSchema).readonly() }) },
  /** Makes a profile or replaces it. */
  "quotas.save_profile": {
    input: z.strictObject({ name: z.string().max(64), limits: limitOverridesSchema }),
    output: nothing,
  },
  "quotas.delete_profile": { input: z.strictObject({ name: z.string().max(64) }), output: nothing },
  "quotas.headroom": { input: z.strictObject({ execution_id: id }), output: executionHeadroomSchema },
} as const;

/** Subscriptions of the quotas screen: `{name: {input, event}}`. */
export const quotasSubscriptions = {
  /** Usage as it happens: of one install, one extension, one tenant, or of all. */
  "quotas.usage": {
    input: z.strictObject({
      tenant_id: id.optional(),
      registry_id: id.optional(),
      install_id: id.optional(),
      range: z.enum(USAGE_RANGES),
    }),
    event: usageEventSchema,
  },
} as const;
