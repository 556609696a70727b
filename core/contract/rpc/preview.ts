import { z } from "zod";
import { ENDPOINT_METHODS } from "../endpoint.ts";
import { userSchema } from "../execute.ts";
import { bridgePathSchema } from "../preview-bridge.ts";

const id = z.string().min(1).max(256);
const token = z.string().min(16).max(128);

/** Where the platform offers an extension's UI. */
export const PREVIEW_HOOKS = ["appMenu", "clientPortalMenu"] as const;
export const previewHookSchema = z.enum(PREVIEW_HOOKS);
export type PreviewHook = z.infer<typeof previewHookSchema>;

const personText = z.string().trim().min(1).max(200);

/** Someone whom the developer makes up for one preview; the tenant is the preview's. */
const customUserSchema = z.strictObject({
  user_type: userSchema.shape.user_type,
  user_name: personText,
  user_email: personText,
  client_name: personText.optional(),
  client_id: personText.optional(),
  roles: userSchema.shape.roles,
});
export type CustomUser = z.infer<typeof customUserSchema>;

const previewPersonaSchema = z.union([
  z.strictObject({ persona_id: id }),
  z.strictObject({ custom: customUserSchema }),
]);
export type PreviewPersona = z.infer<typeof previewPersonaSchema>;

const sessionSchema = z.object({
  /** Names this preview to the host; opens nothing but this preview's own calls. */
  token,
  /** ISO 8601, UTC. */
  expires_at: z.string(),
});

const previewSchema = z.object({
  session: sessionSchema,
  /** Address of the frame. */
  url: z.string(),
  /** The extension's own origin. Without `allow-same-origin` the browser makes it `null`. */
  origin: z.string(),
  install_id: z.string(),
  extension_name: z.string(),
  version: z.string(),
  content_hash: z.string(),
  /** As whom its calls go through the gateway. */
  user: userSchema.pick({ user_id: true, user_name: true, user_type: true, roles: true }),
  /** What the platform would do otherwise than this preview: the hook is not declared, the user may not see it, … */
  warnings: z
    .array(z.object({ code: z.string(), message: z.string(), hint: z.string().optional() }))
    .readonly(),
});
export type Preview = z.infer<typeof previewSchema>;

const violationSchema = z.object({
  /** Counts up over all previews; a reader resumes after it. */
  id: z.number().int().positive(),
  /** ISO 8601, UTC. */
  at: z.string(),
  /** Directive of the policy that was violated. */
  directive: z.string(),
  /** What was blocked: an address, `inline`, `eval`. */
  blocked: z.string(),
  source: z.string().optional(),
  line: z.number().int().optional(),
  column: z.number().int().optional(),
  disposition: z.string(),
});
export type PolicyViolation = z.infer<typeof violationSchema>;

/** Procedures of the preview: `{name: {input, output}}`; merged into the one map in ../rpc.ts. */
export const previewProcedures = {
  /** Opens an extension's UI as a persona. */
  "preview.open": {
    input: z.strictObject({
      /** Registry id, install id or name. */
      install: id,
      /** Default: the default tenant. */
      tenant_id: id.optional(),
      /** Default: the tenant's default persona. */
      persona: previewPersonaSchema.optional(),
      hook: previewHookSchema.default("appMenu"),
      /** Origin of the page that shows the frame. */
      parent_origin: z.url({ protocol: /^https?$/ }),
    }),
    output: previewSchema,
  },
  /** Another hour for an open preview. The token stays. */
  "preview.renew": { input: z.strictObject({ token }), output: sessionSchema },
  /** Answers an `apiproxy` message of the frame through the gateway, as the preview's persona. */
  "preview.proxy": {
    input: z.strictObject({
      token,
      route: bridgePathSchema,
      method: z.enum(ENDPOINT_METHODS).default("POST"),
      body_b64: z.base64().optional(),
    }),
    output: z.object({
      status: z.number().int(),
      body_b64: z.string(),
      content_type: z.string().optional(),
      request_id: z.string(),
      execution_id: z.string().optional(),
      duration_ms: z.number().nonnegative(),
      /** Set when the gateway answered instead of the extension. */
      error: z.object({ code: z.string(), message: z.string() }).optional(),
    }),
  },
  "preview.close": { input: z.strictObject({ token }), output: z.object({}) },
} as const;

/** Subscriptions of the preview: `{name: {input, event}}`. An event with a numeric `id` can be resumed after. */
export const previewSubscriptions = {
  /** What the browser reports of the frame's own content policy, as long as the preview is open. */
  "preview.violations": { input: z.strictObject({ token }), event: violationSchema },
} as const;
