import { z } from "zod";
import { capabilitySchema } from "./capability.ts";
import { contentHashSchema } from "./content-hash.ts";
import { type LimitOverrides, limitOverridesSchema } from "./limit-overrides.ts";
import { manifestSchema } from "./manifest.ts";

/** Everything that a call needs to know of an install: what the registry answers and the gateway decides over. */
export const installedExtensionSchema = z.object({
  install_id: z.string(),
  tenant_id: z.string(),
  registry_id: z.string(),
  extension_name: z.string(),
  version_id: z.string(),
  version: z.string(),
  version_status: z.enum(["valid", "invalid", "deprecated"]),
  /** Verification code that made the version invalid. */
  invalid_code: z.string().optional(),
  content_hash: contentHashSchema,
  /** False only under a development tenant's `unsigned: allow` policy. */
  signed: z.boolean(),
  /** False for a bundle that holds only a UI; absent for one that was published before this was noted. */
  has_handler: z.boolean().optional(),
  manifest: manifestSchema,
  granted_capabilities: z.array(capabilitySchema),
  egress_allowlist: z.array(z.string()),
  config: z.record(z.string(), z.string()),
  limits: limitOverridesSchema,
  enabled: z.boolean(),
  created_at: z.string(),
  updated_at: z.string(),
});
export type InstalledExtension = z.infer<typeof installedExtensionSchema>;

/** A tenant as the gateway and the registry see it. */
export interface Tenant {
  readonly id: string;
  readonly name: string;
  readonly is_development: boolean;
  readonly unsigned_policy: "refuse" | "allow";
  readonly limits: LimitOverrides;
}
