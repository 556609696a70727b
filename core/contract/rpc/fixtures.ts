import { z } from "zod";
import { extensionMetricSchema } from "../extension-metric.ts";
import { MAX_FIXTURE_BYTES } from "../fixtures.ts";
import { hostCallRefusalSchema } from "../host-calls.ts";
import { invoiceSchema } from "../invoice.ts";

const tenant = z.strictObject({ tenant_id: z.string().min(1).max(256) });

/** A tenant's document as it is in force, laid out for editing. */
const fixtureTextSchema = z.object({ text: z.string() });

/** One thing wrong with the document, with the place to go and mend it; lines and columns from 1. */
const fixtureProblemSchema = z.object({
  path: z.string(),
  line: z.int(),
  column: z.int(),
  message: z.string(),
});
export type FixtureProblem = z.infer<typeof fixtureProblemSchema>;

const routeTrialSchema = z.discriminatedUnion("outcome", [
  /** `index`: place in the document's `routes`. */
  z.object({
    outcome: z.literal("answered"),
    index: z.int(),
    path: z.string(),
    status: z.int(),
    /** What the extension gets; absent when the status makes it an error. */
    body: z.string().optional(),
    /** The error that the extension gets. */
    error: hostCallRefusalSchema.optional(),
  }),
  z.object({ outcome: z.literal("refused"), error: hostCallRefusalSchema, detail: z.string() }),
]);
export type RouteTrial = z.infer<typeof routeTrialSchema>;

/** Procedures of the fixtures screen; merged into the one map in ../rpc.ts. */
export const fixturesProcedures = {
  "fixtures.get": { input: tenant, output: fixtureTextSchema },
  /** Replaces the document when there is nothing wrong with it; takes effect at the next host call. */
  "fixtures.set": {
    input: tenant.extend({ text: z.string().max(MAX_FIXTURE_BYTES) }),
    output: z.discriminatedUnion("outcome", [
      fixtureTextSchema.extend({ outcome: z.literal("saved") }),
      z.object({ outcome: z.literal("refused"), problems: z.array(fixtureProblemSchema).readonly() }),
    ]),
  },
  /** Back to what the default tenant starts with. */
  "fixtures.reset": { input: tenant, output: fixtureTextSchema },
  /** Which fixture answers a call of `ui-proxy.call-route`, and with what. */
  "fixtures.try_route": {
    input: tenant.extend({ method: z.enum(["GET", "POST"]), route: z.string().max(16_384) }),
    output: routeTrialSchema,
  },
  /** Newest first. */
  "invoices.list": {
    input: tenant.extend({ limit: z.int().min(1).max(1_000).default(100) }),
    output: z.object({ items: z.array(invoiceSchema).readonly() }),
  },
  "invoices.clear": { input: tenant, output: z.object({ removed: z.int() }) },
  "extension_metrics.list": {
    input: tenant.extend({ install_id: z.string().max(256).optional() }),
    output: z.object({ items: z.array(extensionMetricSchema).readonly() }),
  },
} as const;
