import { z } from "zod";
import { capabilitySchema } from "./capability.ts";
import { contentHashSchema } from "./content-hash.ts";
import { MAX_REFUSED_TARGETS_A_CALL, refusedEgressSchema } from "./egress-refusal.ts";
import { executionJournalSchema, journalModeSchema, replayInputSchema } from "./execution-journal.ts";
import { MAX_CALL_DEPTH } from "./host-calls/ui-proxy.ts";

/** Header name and value; names are compared without case, order and duplicates are kept. */
export const headerSchema = z.object({ name: z.string(), value: z.string() });
export type Header = z.infer<typeof headerSchema>;

export const userSchema = z.object({
  tenant_id: z.string(),
  user_id: z.string(),
  user_email: z.string(),
  user_name: z.string(),
  user_type: z.enum(["internal", "client"]),
  client_name: z.string(),
  client_id: z.string().optional(),
  /** Roles of an internal user: `read` covers GET, `write` the rest. */
  roles: z.array(z.enum(["read", "write"])).optional(),
  additional_fields: z.record(z.string(), z.string()).optional(),
});
export type User = z.infer<typeof userSchema>;

export const executionLimitsSchema = z.object({
  timeout_ms: z.number().int().positive(),
  memory_mb: z.number().int().positive(),
  /** One unit is charged at each function entry and loop header; see docs/decisions on fuel. */
  fuel: z.number().int().positive(),
  /** Cap of the response body; absent: the runner's own. */
  response_body_bytes: z.number().int().positive().optional(),
  /** Bytes that the call may move over the network, both directions; absent: not limited. */
  egress_bytes: z.number().int().nonnegative().optional(),
});
export type ExecutionLimits = z.infer<typeof executionLimitsSchema>;

/** Secrets of one install, sealed for the runner alone and valid for a short while. */
export const secretEnvelopeSchema = z.object({
  algorithm: z.literal("aes-256-gcm"),
  iv_b64: z.string(),
  ciphertext_b64: z.string(),
  tag_b64: z.string(),
  expires_at: z.string(),
});
export type SecretEnvelope = z.infer<typeof secretEnvelopeSchema>;

export const executeRequestSchema = z.object({
  context: z.object({
    request_id: z.string(),
    tenant_id: z.string(),
    extension_id: z.string(),
    install_id: z.string(),
    version_id: z.string(),
    content_hash: contentHashSchema,
    config: z.record(z.string(), z.string()),
    /** Unique per execution; a request id is the caller's and may repeat. Scopes host calls back to the host. */
    execution_id: z.string().optional(),
    /** 0 or absent for a call from outside; 1 for one that an extension made while it answered that, and so on. */
    call_depth: z.int().min(0).max(MAX_CALL_DEPTH).optional(),
  }),
  http: z.object({
    method: z.string(),
    path: z.string(),
    /** With its leading `?`, or empty. */
    query: z.string(),
    headers: z.array(headerSchema),
    body_b64: z.base64().optional(),
  }),
  limits: executionLimitsSchema,
  providers: z.array(capabilitySchema),
  secret_envelope: secretEnvelopeSchema.optional(),
  user: userSchema.optional(),
  /** Hosts of this install, added to the runner's own allowlist. */
  egress_allowlist: z.array(z.string()).optional(),
  /** How much of the host calls' values the runner writes down; default `digest`. A runner may send no journal. */
  journal: journalModeSchema.optional(),
  /** Answers host calls from a record. A runner that does not know it must not be asked. */
  replay: replayInputSchema.optional(),
});
export type ExecuteRequest = z.infer<typeof executeRequestSchema>;

export const EXECUTE_ERROR_CODES = [
  "timeout",
  "memory_limit",
  "fuel_exhausted",
  "quota_exceeded",
  "capability_denied",
  "bad_handler",
  "response_too_large",
  "signature_invalid",
  "bundle_unavailable",
  "internal",
] as const;

export const usageSchema = z.object({
  duration_ms: z.number().nonnegative(),
  /** Peak linear memory over all of the component's memories. */
  memory_bytes: z.number().int().nonnegative(),
  fuel: z.number().int().nonnegative(),
  egress_bytes: z.number().int().nonnegative(),
  host_calls: z.number().int().nonnegative(),
  log_lines: z.number().int().nonnegative(),
  /** Time on the guest's thread from making the instance to the handler's end, without `host_ms`. */
  guest_ms: z.number().nonnegative().optional(),
  /** Time that the guest's thread spent in host calls, from leaving the component to its return. */
  host_ms: z.number().nonnegative().optional(),
});
export type Usage = z.infer<typeof usageSchema>;

export const NO_USAGE: Usage = {
  duration_ms: 0,
  memory_bytes: 0,
  fuel: 0,
  egress_bytes: 0,
  host_calls: 0,
  log_lines: 0,
};

export const executeResponseSchema = z.object({
  status: z.number().int(),
  headers: z.array(headerSchema),
  body_b64: z.base64().optional(),
  error: z
    .object({
      code: z.enum(EXECUTE_ERROR_CODES),
      message: z.string(),
      /** The exact verification code behind `signature_invalid`. */
      verification_code: z.string().optional(),
    })
    .optional(),
  usage: usageSchema,
  journal: executionJournalSchema.optional(),
  /** Where the extension wanted to go and was not let. */
  refused_egress: z.array(refusedEgressSchema).max(MAX_REFUSED_TARGETS_A_CALL).readonly().optional(),
});
export type ExecuteResponse = z.infer<typeof executeResponseSchema>;
export type ExecuteErrorCode = (typeof EXECUTE_ERROR_CODES)[number];
