import { z } from "zod";
import { capabilitySchema } from "../capability.ts";
import { contentHashSchema } from "../content-hash.ts";
import { egressRefusalSchema } from "../egress-refusal.ts";
import { installedExtensionSchema } from "../install.ts";
import { limitOverridesSchema } from "../limit-overrides.ts";
import { MAX_SIGNATURE_BYTES } from "../limits.ts";
import { manifestSchema } from "../manifest.ts";
import { verificationReportSchema } from "../verification.ts";
import { bundleReferenceSchema } from "./keys.ts";

const reference = z.string().min(1).max(256);
const target = z.strictObject({
  /** Registry id, install id or name. */
  ref: reference,
  tenant_id: reference,
});
/** `null` removes the key. */
const keyedChanges = z.record(z.string().max(256), z.string().max(65_536).nullable());
const settings = {
  grants: z.array(capabilitySchema).max(100).optional(),
  config: keyedChanges.optional(),
  /** Inwards only: an answer names keys and never a value. */
  secrets: keyedChanges.optional(),
  egress: z.array(z.string().max(300)).max(1_000).optional(),
  limits: limitOverridesSchema.optional(),
};

const installDetailsSchema = installedExtensionSchema.extend({
  secret_keys: z.array(z.string()).readonly(),
  subscriptions: z.array(z.object({ topic: z.string(), handler: z.string() })).readonly(),
  /** What goes with the install, in rows. */
  holdings: z.object({
    config: z.number().int(),
    secrets: z.number().int(),
    storage: z.number().int(),
    schedules: z.number().int(),
    subscriptions: z.number().int(),
  }),
});
export type InstallDetails = z.infer<typeof installDetailsSchema>;

/** A verification that said no, as the registry words it. */
export const refusalSchema = z.object({
  code: z.string(),
  message: z.string(),
  hint: z.string().optional(),
  report: verificationReportSchema.optional(),
});
export type Refusal = z.infer<typeof refusalSchema>;

const refused = z.object({ outcome: z.literal("refused"), refusal: refusalSchema });

const installAnswer = z.discriminatedUnion("outcome", [
  z.object({
    outcome: z.literal("installed"),
    install: installDetailsSchema,
    warnings: z.array(z.string()).readonly(),
  }),
  refused,
]);

const bundleContentSchema = z.object({
  manifest: manifestSchema,
  content_hash: contentHashSchema,
  size: z.number().int(),
  files: z.array(z.object({ path: z.string(), size: z.number().int(), sha256: z.string() })).readonly(),
  component: z
    .object({ imports: z.array(z.string()).readonly(), exports: z.array(z.string()).readonly() })
    .optional(),
  sbom: z
    .object({
      path: z.string(),
      format: z.enum(["spdx", "cyclonedx"]),
      spec_version: z.string(),
      components: z.number().int(),
      /** Name and version, where the document says them; the first ones when there are very many. */
      listed: z.array(z.object({ name: z.string(), version: z.string() })).readonly(),
    })
    .optional(),
  warnings: z
    .array(z.object({ code: z.string(), message: z.string(), file: z.string().optional() }))
    .readonly(),
});
export type BundleContent = z.infer<typeof bundleContentSchema>;

/** Procedures of the registry screen: `{name: {input, output}}`; merged into the one map in ../rpc.ts. */
export const registryProcedures = {
  /** What is in a bundle, published or uploaded. */
  "bundles.inspect": {
    input: z.strictObject({ bundle: bundleReferenceSchema }),
    output: bundleContentSchema,
  },
  "registry.publish": {
    input: z.strictObject({
      bundle: bundleReferenceSchema,
      signature: z.string().max(MAX_SIGNATURE_BYTES).optional(),
      /** Signs it with this key instead of taking a signature. */
      key_id: reference.optional(),
      tenant_id: reference.optional(),
    }),
    output: z.discriminatedUnion("outcome", [
      z.object({
        outcome: z.literal("published"),
        registry_id: z.string(),
        version_id: z.string(),
        name: z.string(),
        version: z.string(),
        content_hash: contentHashSchema,
        created: z.boolean(),
        report: verificationReportSchema,
        warnings: z.array(z.string()).readonly(),
      }),
      refused,
    ]),
  },
  "registry.deprecate": {
    input: z.strictObject({
      ref: reference,
      /** Absent: the whole extension. */
      version: z.string().max(256).optional(),
      undo: z.boolean().default(false),
    }),
    output: z.strictObject({}),
  },
  /** Judges the stored version anew and records the outcome. */
  "registry.reverify": {
    input: z.strictObject({ version_id: reference }),
    output: z.object({
      status: z.enum(["valid", "invalid", "deprecated"]),
      invalid_code: z.string().optional(),
    }),
  },
  "registry.install": {
    input: target.extend({ version: z.string().max(256).optional(), ...settings }),
    output: installAnswer,
  },
  "registry.update": {
    input: target.extend({ version: z.string().max(256).optional(), ...settings }),
    output: installAnswer,
  },
  "registry.configure": { input: target.extend(settings), output: installDetailsSchema },
  "registry.enable": { input: target.extend({ enabled: z.boolean() }), output: installDetailsSchema },
  "registry.details": { input: target, output: installDetailsSchema },
  /** What its egress was refused, the last time first; bounded by `MAX_REFUSED_TARGETS_AN_INSTALL`. */
  "registry.refusedEgress": {
    input: target,
    output: z.object({ refused: z.array(egressRefusalSchema).readonly() }),
  },
  "registry.forgetRefusedEgress": { input: target, output: z.object({ forgotten: z.int() }) },
  "registry.uninstall": {
    input: target,
    output: z.object({ install_id: z.string(), removed: installDetailsSchema.shape.holdings }),
  },
} as const;

/** Subscriptions of the registry screen: `{name: {input, event}}`. An event with a numeric `id` can be resumed after. */
export const registrySubscriptions = {} as const;
