import { z } from "zod";
import { CAPABILITIES, capabilitySchema, normaliseCapability } from "./capability.ts";

/** The one file that every bundle holds, at its root. */
export const MANIFEST_FILE = "manifest.json";

const REVERSE_DOMAIN = /^[a-z][a-z0-9-]*(\.[a-z0-9][a-z0-9-]*)+$/;
/** The official grammar of https://semver.org, without build metadata's leniencies. */
const SEMVER =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-((?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?(?:\+([0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*))?$/;
/** `1.2.*` asks the registry for the next patch of 1.2. */
const SEMVER_PATCH_WILDCARD = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.\*$/;

const capabilityName = z
  .string()
  .refine((name) => normaliseCapability(name) !== undefined, {
    error: `expected one of ${CAPABILITIES.join(", ")}, with or without "cap:"`,
  })
  .transform((name) => capabilitySchema.parse(normaliseCapability(name)));

export const endpointSchema = z.object({
  method: z.enum(["GET", "POST", "PUT", "PATCH", "DELETE"]),
  path: z.string().startsWith("/"),
  handler: z.string().min(1),
  schedulable: z.boolean().optional(),
});
export type Endpoint = z.infer<typeof endpointSchema>;

const hookSchema = z.object({ label: z.string().min(1) });

/** Manifest v2. Unknown top-level fields are kept; `validateManifest` in the bundle feature warns about them. */
export const manifestSchema = z.looseObject({
  name: z.string().regex(REVERSE_DOMAIN, "expected a lowercase reverse-domain name such as com.acme.hello"),
  publisher: z.string().min(1).optional(),
  display_name: z.string().min(1).optional(),
  description: z.string().optional(),
  version: z.string().refine((text) => SEMVER.test(text) || SEMVER_PATCH_WILDCARD.test(text), {
    error: "expected a semantic version",
  }),
  runtime: z.literal("wasm-js@1"),
  capabilities: z.array(capabilityName).default([]),
  ui: z
    .object({
      type: z.literal("iframe"),
      entry: z.string().min(1),
      hooks: z.object({ appMenu: hookSchema.optional(), clientPortalMenu: hookSchema.optional() }).optional(),
    })
    .optional(),
  api: z.object({ endpoints: z.array(endpointSchema).default([]) }).optional(),
  events: z.array(z.object({ topic: z.string().min(1), handler: z.string().min(1) })).optional(),
  entry: z.string().optional(),
  precompiled: z.record(z.string(), z.string()).optional(),
  assets: z.array(z.string()).optional(),
  sbom: z.string().optional(),
});
export type Manifest = z.infer<typeof manifestSchema>;
