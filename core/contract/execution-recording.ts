import { z } from "zod";
import { contentHashSchema } from "./content-hash.ts";
import { executeRequestSchema, executionLimitsSchema, headerSchema } from "./execute.ts";
import { executionJournalSchema, hostCallRecordSchema } from "./execution-journal.ts";
import { KIB } from "./limits.ts";

/** A request or response body up to this size is kept, for development tenants. */
export const MAX_RECORDED_BODY_BYTES = 256 * KIB;

const bodySchema = z.object({ size: z.number().int().nonnegative(), sha256: z.string() });

/** What the runner was asked, without the sealed secrets; kept for development tenants only. */
export const recordedRequestSchema = executeRequestSchema
  .omit({ secret_envelope: true, journal: true, replay: true })
  .extend({
    /** Its body was over the cap and is not kept. */
    body_omitted: bodySchema.optional(),
    /** A secret stood in it and was replaced. */
    redacted: z.boolean().optional(),
  });
export type RecordedRequest = z.infer<typeof recordedRequestSchema>;

/** What the runner answered, before the gateway judged it. */
export const recordedResponseSchema = z.object({
  status: z.number().int(),
  headers: z.array(headerSchema),
  body: bodySchema,
  error: z.object({ code: z.string(), message: z.string() }).optional(),
});
export type RecordedResponse = z.infer<typeof recordedResponseSchema>;

/** All that is kept of one execution besides its row. */
export const executionRecordingSchema = z.object({
  /** In force for this execution. */
  limits: executionLimitsSchema,
  request: recordedRequestSchema.optional(),
  response: recordedResponseSchema,
  /** Absent when the runner sent none. */
  journal: executionJournalSchema.optional(),
});
export type ExecutionRecording = z.infer<typeof executionRecordingSchema>;

/** Why an execution cannot be run again from its record. */
export const REPLAY_OBSTACLES = [
  "recording_not_found",
  "replay_values_missing",
  "replay_values_truncated",
  "replay_request_missing",
  "replay_interrupted",
  "replay_secret_redacted",
  "replay_secret_changed",
  "replay_needs_embedded_runner",
] as const;
export const replayObstacleSchema = z.enum(REPLAY_OBSTACLES);
export type ReplayObstacle = z.infer<typeof replayObstacleSchema>;

/** A limit of the execution, what was used of it, and by how much it was passed. */
export const limitUseSchema = z.object({
  limit: z.enum(["timeout_ms", "memory_bytes", "fuel"]),
  allowed: z.number(),
  used: z.number(),
  /** The execution was ended by it. */
  hit: z.boolean(),
  /** `used - allowed` where it was passed. */
  over: z.number().optional(),
});
export type LimitUse = z.infer<typeof limitUseSchema>;

/** As it is shown beside the execution's row. */
export const executionDetailSchema = z.object({
  limits: z.array(limitUseSchema).readonly(),
  host_calls: z.array(hostCallRecordSchema).readonly(),
  /** Host calls that are not recorded, being too many. */
  host_calls_dropped: z.number().int(),
  /** `none`: the runner sent no journal, or it is kept no more. */
  journal: z.enum(["full", "digest", "none"]),
  replay: z.object({
    possible: z.boolean(),
    code: replayObstacleSchema.optional(),
    reason: z.string().optional(),
  }),
});
export type ExecutionDetail = z.infer<typeof executionDetailSchema>;

export const divergenceSchema = z.object({
  what: z.enum(["status", "headers", "body", "error", "fuel", "host_calls", "host_call"]),
  /** Of `host_call`: its sequence number. */
  call: z.number().int().optional(),
  /** Of `host_call`: what of it differs. */
  part: z.enum(["function", "arguments", "outcome", "result", "missing", "added"]).optional(),
  expected: z.unknown(),
  actual: z.unknown(),
});
export type Divergence = z.infer<typeof divergenceSchema>;

const replayedSchema = z.object({
  status: z.number().int(),
  error: z.object({ code: z.string(), message: z.string() }).optional(),
  body: bodySchema,
  fuel: z.number().int(),
  memory_bytes: z.number().int(),
  host_calls: z.number().int(),
});

export const replayReportSchema = z.object({
  execution_id: z.string(),
  version_id: z.string(),
  content_hash: contentHashSchema,
  same: z.boolean(),
  /** In the order in which they came about; the first is where the two part. Capped. */
  divergences: z.array(divergenceSchema).readonly(),
  recorded: replayedSchema,
  replayed: replayedSchema,
});
export type ReplayReport = z.infer<typeof replayReportSchema>;
