import { z } from "zod";
import { contentHashSchema } from "./content-hash.ts";
import { HOST_CALL_METHODS, hostCallRefusalSchema } from "./host-calls.ts";
import { isolationSchema } from "./isolation.ts";
import { MAX_FUEL, MAX_TIMEOUT_MS } from "./limits.ts";
import { logEventSchema } from "./log-event.ts";
import { runnerGaugesSchema } from "./runner-health.ts";
import { trustSnapshotSchema } from "./trust.ts";
import { VERIFICATION_CODES } from "./verification.ts";

/**
 * What passes between the host and its own runner process over the child's IPC channel (structured clone, so bytes
 * and bigints travel as they are). Requests and answers of calls are those of `POST /v1/execute`, which stays the way to
 * any other runner and is open on this one too.
 */

/** The runner's own ceilings: a request may ask for less, never for more. */
export const runnerMaximumsSchema = z.object({
  timeout_ms: z.number().int().positive().max(MAX_TIMEOUT_MS),
  memory_mb: z.number().int().positive(),
  fuel: z.number().int().positive().max(MAX_FUEL),
  response_body_bytes: z.number().int().positive(),
  /** Guest workers at once. */
  workers: z.number().int().positive(),
  /** Executions that may wait for a worker. */
  queue: z.number().int().nonnegative(),
});
export type RunnerMaximums = z.infer<typeof runnerMaximumsSchema>;

export const runnerConfigurationSchema = z.object({
  /** Grows with every change; cached judgements of an older revision are dropped. */
  revision: z.number().int().nonnegative(),
  trust: trustSnapshotSchema,
  /** Development tenants whose policy is `unsigned: allow`. */
  unsignedTenants: z.array(z.string()),
  /** `EXT_EGRESS_ALLOWLIST`; an install's own list travels with its request. */
  egressAllowlist: z.array(z.string()),
  /** Origins that may frame an extension's UI. */
  hostOrigins: z.array(z.string()),
  maximums: runnerMaximumsSchema,
  isolation: isolationSchema,
});
export type RunnerConfiguration = z.infer<typeof runnerConfigurationSchema>;

/** What the runner asks of the host; a host call is answered within the scope registered for its execution. */
export const hostCallSchema = z.union([
  z.object({
    method: z.enum(HOST_CALL_METHODS),
    execution_id: z.string().min(1).max(128),
    /** Judged by the method's own schema in `HOST_CALLS`. */
    params: z.unknown(),
  }),
  z.object({
    method: z.literal("ui.resolve"),
    params: z.object({ extension_id: z.string(), content_hash: z.string() }),
  }),
]);
export type HostCall = z.infer<typeof hostCallSchema>;

const hostReplySchema = z.discriminatedUnion("ok", [
  z.object({ type: z.literal("reply"), id: z.number().int(), ok: z.literal(true), value: z.unknown() }),
  z.object({
    type: z.literal("reply"),
    id: z.number().int(),
    ok: z.literal(false),
    refusal: hostCallRefusalSchema,
    /** In words, for the extension's log; holds no payload. */
    detail: z.string(),
    /** Nobody waits for the execution any more: it is to be ended, and the extension told nothing. */
    over: z.boolean().optional(),
  }),
]);
export type HostReply = z.infer<typeof hostReplySchema>;

/** Where prepared bundles lie, and what says that they are ours. */
export const preparedStoreSchema = z.object({
  folder: z.string(),
  /** Authenticates what was written there; from outside the folder. */
  key: z.instanceof(Uint8Array<ArrayBufferLike>),
  /** Of all that shapes the prepared form. */
  version: z.string(),
});

export type PreparedStoreOptions = Readonly<z.infer<typeof preparedStoreSchema>>;

/** Why a bundle cannot be loaded, before anything of it runs. */
export const preparationFailureSchema = z.object({
  code: z.enum(["bundle_unavailable", "bad_handler", "internal", "signature_invalid"]),
  message: z.string(),
  verification_code: z.enum(VERIFICATION_CODES).optional(),
});
export type PreparationFailure = z.infer<typeof preparationFailureSchema>;

/** Host to runner. `start` is the first message and carries the one secret that the runner knows. */
export const hostMessageSchema = z.discriminatedUnion("type", [
  /** A call; `request` is judged by `executeRequestSchema`. Answered by `executed`. */
  z.object({ type: z.literal("execute"), id: z.number().int(), request: z.unknown() }),
  /** Nobody waits for the call any more. */
  z.object({ type: z.literal("give-up"), id: z.number().int() }),
  z.object({
    type: z.literal("start"),
    objectsDir: z.string(),
    port: z.number().int().min(0).max(65_535),
    serviceToken: z.string().min(1),
    prepared: preparedStoreSchema,
    /** Starts before this one, for the runner's own metrics. */
    restarts: z.number().int().nonnegative().optional(),
    configuration: runnerConfigurationSchema,
  }),
  z.object({
    type: z.literal("prepared"),
    id: z.number().int(),
    failure: preparationFailureSchema.optional(),
  }),
  /** The bundle is about to be called for the tenant. */
  z.object({ type: z.literal("warm"), content_hash: contentHashSchema, tenant_id: z.string() }),
  z.object({ type: z.literal("configure"), configuration: runnerConfigurationSchema }),
  z.object({ type: z.literal("drain") }),
  hostReplySchema,
]);
export type HostMessage = z.infer<typeof hostMessageSchema>;

/** Runner to host. */
export const runnerMessageSchema = z.discriminatedUnion("type", [
  /** `response` is judged by `executeResponseSchema`; absent: the request was malformed. */
  z.object({ type: z.literal("executed"), id: z.number().int(), response: z.unknown() }),
  z.object({ type: z.literal("ready"), port: z.number().int().positive() }),
  /** The start failed for a reason that a restart will not mend, such as a port in use. */
  z.object({ type: z.literal("failed"), code: z.string(), message: z.string() }),
  z.object({ type: z.literal("configured"), revision: z.number().int() }),
  z.object({ type: z.literal("call"), id: z.number().int(), call: hostCallSchema }),
  /** At most once a second, and only what has changed since. */
  z.object({ type: z.literal("gauges"), gauges: runnerGaugesSchema }),
  z.object({ type: z.literal("log"), events: z.array(logEventSchema) }),
  /** Wants the prepared form of a bundle whose verdict is good; answered by `prepared`. */
  z.object({
    type: z.literal("prepare"),
    id: z.number().int(),
    content_hash: contentHashSchema,
    max_memory_mb: z.number().int().positive(),
  }),
  z.object({ type: z.literal("drained") }),
]);
export type RunnerMessage = z.infer<typeof runnerMessageSchema>;
