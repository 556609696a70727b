import { z } from "zod";
import { keyAlgorithmSchema } from "../key-algorithm.ts";

const nothing = z.strictObject({});
const id = z.string().min(1).max(256);

const signingKeySchema = z.object({
  id: z.string(),
  algorithm: keyAlgorithmSchema,
  subject: z.string(),
  /** ISO 8601; `null` while there is no certificate. */
  not_after: z.string().nullable(),
});

const settingsSchema = z.object({
  versions: z.object({ workbench: z.string(), node: z.string(), electron: z.string().optional() }),
  platform: z.string(),
  /** Data folder, absolute. */
  home: z.string(),
  /** What seals keys and secrets at rest: `key-file`, `passphrase`, `safe-storage`. */
  box_kind: z.string(),
  /** Every variable that the workbench reads. A secret's value is `(set)`. */
  environment: z
    .array(z.object({ name: z.string(), value: z.string().optional(), is_secret: z.boolean() }))
    .readonly(),
  /** Keys that can sign. */
  signing_keys: z.array(signingKeySchema).readonly(),
  /** The key that signs unless another is named. */
  active_key_id: z.string().optional(),
  /** Set while bundles that arrive unsigned over the control API are signed on this machine. */
  local_upload_key_id: z.string().optional(),
});
export type HostSettings = z.infer<typeof settingsSchema>;

const checkSchema = z.object({
  name: z.string(),
  status: z.enum(["pass", "warn", "fail"]),
  detail: z.string(),
  fix: z.string().optional(),
});
export type DoctorCheck = z.infer<typeof checkSchema>;

/** Procedures of the settings screen: `{name: {input, output}}`; merged into the one map in ../rpc.ts. */
export const settingsProcedures = {
  "settings.get": { input: nothing, output: settingsSchema },
  "settings.doctor": { input: nothing, output: z.object({ checks: z.array(checkSchema).readonly() }) },
  /** Fails with `unsigned_not_allowed` for `allow` on a tenant that is not for development. */
  "settings.unsigned_policy": {
    input: z.strictObject({ tenant_id: id, policy: z.enum(["refuse", "allow"]) }),
    output: z.object({ tenant_id: z.string(), policy: z.enum(["refuse", "allow"]) }),
  },
  /** `null` switches the signing of local uploads off. */
  "settings.local_uploads": {
    input: z.strictObject({ key_id: id.nullable() }),
    output: z.object({ key_id: z.string().nullable() }),
  },
} as const;

/** Subscriptions of the settings screen: `{name: {input, event}}`. An event with a numeric `id` can be resumed after. */
export const settingsSubscriptions = {} as const;
