import { z } from "zod";
import { decisionSchema } from "./decision.ts";
import { headerSchema, usageSchema } from "./execute.ts";
import { executionFilterSchema, executionPageSchema, executionRecordSchema } from "./execution-record.ts";
import { installedExtensionSchema } from "./install.ts";
import { logFilterSchema, logItemSchema, logPageSchema, logQuerySchema } from "./log-query.ts";
import { automationProcedures, automationSubscriptions } from "./rpc/automation.ts";
import { changesSubscriptions } from "./rpc/changes.ts";
import { executionsProcedures } from "./rpc/executions.ts";
import { fixturesProcedures } from "./rpc/fixtures.ts";
import { keysProcedures, keysSubscriptions } from "./rpc/keys.ts";
import { loopProcedures, loopSubscriptions } from "./rpc/loop.ts";
import { policyProcedures } from "./rpc/policy.ts";
import { previewProcedures, previewSubscriptions } from "./rpc/preview.ts";
import { projectProcedures, projectSubscriptions } from "./rpc/project.ts";
import { quotasProcedures, quotasSubscriptions } from "./rpc/quotas.ts";
import { recordsProcedures } from "./rpc/records.ts";
import { registryProcedures, registrySubscriptions } from "./rpc/registry.ts";
import { reproductionProcedures } from "./rpc/reproduction.ts";
import { requestsProcedures, requestsSubscriptions } from "./rpc/requests.ts";
import { runnerProcedures } from "./rpc/runner.ts";
import { settingsProcedures, settingsSubscriptions } from "./rpc/settings.ts";
import { runnerGaugesSchema } from "./runner-health.ts";

/*
 * What the window, or the same page in a browser, asks of the host. Both sides derive from this map.
 * Both travel over one WebSocket a page (rpc-socket.ts). A subscription whose events have a numeric `id` is resumed
 * after the last one that arrived. A failure is `{error: {code, message, details?, hint?}}`.
 */

const nothing = z.strictObject({});
const id = z.string().min(1).max(256);

const tenantSchema = z.object({
  id: z.string(),
  name: z.string(),
  is_development: z.boolean(),
  unsigned_policy: z.enum(["refuse", "allow"]),
});

const personaSchema = z.object({
  id: z.string(),
  tenant_id: z.string(),
  name: z.string(),
  user_type: z.enum(["internal", "client"]),
});

const RUNNER_STATES = ["stopped", "starting", "ready", "restarting", "unavailable", "external"] as const;

const hostStateSchema = z.object({
  /** Of the workbench. */
  version: z.string(),
  /** The tenant that is used when none is named. */
  tenant: tenantSchema,
  tenants: z.array(tenantSchema).readonly(),
  personas: z.array(personaSchema).readonly(),
  /** The key that the host made for development, while it is trusted. */
  development_key: z
    .object({ key_id: z.string(), subject: z.string(), fingerprint_sha256: z.string() })
    .optional(),
  runner: z.object({
    /** `external`: `RUNNER_BASE_URL` names one that is not ours to watch. */
    state: z.enum(RUNNER_STATES),
    /** Origin of UI assets. */
    public_base: z.string().optional(),
    /** Starts of the runner process after the first. */
    restarts: z.number().int().nonnegative().optional(),
    gauges: runnerGaugesSchema.optional(),
  }),
  gateway_url: z.string(),
  /** What every screen must show: a development key is trusted, a tenant accepts unsigned bundles, … */
  warnings: z
    .array(z.object({ code: z.string(), message: z.string(), hint: z.string().optional() }))
    .readonly(),
});
export type HostState = z.infer<typeof hostStateSchema>;

const extensionVersionSchema = z.object({
  version_id: z.string(),
  version: z.string(),
  content_hash: z.string(),
  size: z.number().int(),
  status: z.enum(["valid", "invalid", "deprecated"]),
  invalid_code: z.string().optional(),
  signed: z.boolean(),
  signer: z.object({ subject: z.string(), fingerprint_sha256: z.string() }).optional(),
  created_at: z.string(),
});

/** An extension of the registry with all its versions, newest first. */
const extensionSummarySchema = z.object({
  registry_id: z.string(),
  name: z.string(),
  publisher: z.string(),
  display_name: z.string().optional(),
  description: z.string().optional(),
  deprecated: z.boolean(),
  latest: z.string().optional(),
  versions: z.array(extensionVersionSchema).readonly(),
  installs: z.number().int(),
  created_at: z.string(),
});
export type ExtensionSummary = z.infer<typeof extensionSummarySchema>;

const invokeInputSchema = z.strictObject({
  /** Registry id, install id or name. */
  install: id,
  /** Default: the default tenant. */
  tenant_id: id.optional(),
  /** Default: the tenant's default persona. */
  persona_id: id.optional(),
  method: z.string().min(1).max(16),
  /** Path with its query, starting with a slash. */
  path: z.string().max(16_384),
  headers: z.array(headerSchema).max(256).default([]),
  body_b64: z.base64().optional(),
});

const invokeOutputSchema = z.object({
  status: z.number().int(),
  headers: z.array(headerSchema).readonly(),
  body_b64: z.string(),
  request_id: z.string(),
  execution_id: z.string().optional(),
  usage: usageSchema,
  trace: z.array(decisionSchema).readonly(),
  /** Set when the gateway answered instead of the extension. */
  error: z.object({ code: z.string(), message: z.string() }).optional(),
  log_lines: z.array(logItemSchema).readonly(),
});

export const RPC_PROCEDURES = {
  state: { input: nothing, output: hostStateSchema },
  "extensions.list": {
    input: nothing,
    output: z.object({ items: z.array(extensionSummarySchema).readonly() }),
  },
  "installs.list": {
    input: z.strictObject({ tenant_id: id.optional() }),
    output: z.object({ items: z.array(installedExtensionSchema).readonly() }),
  },
  /** Calls an extension through the gateway. Giving up the request gives up the call. */
  invoke: { input: invokeInputSchema, output: invokeOutputSchema },
  "executions.list": { input: executionFilterSchema, output: executionPageSchema },
  /** By execution id, else the newest with that request id. */
  "executions.get": { input: z.strictObject({ id }), output: executionRecordSchema },
  ...executionsProcedures,
  ...reproductionProcedures,
  ...runnerProcedures,
  "logs.query": { input: logQuerySchema, output: logPageSchema },
  ...projectProcedures,
  ...loopProcedures,
  ...previewProcedures,
  ...requestsProcedures,
  ...recordsProcedures,
  ...registryProcedures,
  ...keysProcedures,
  ...policyProcedures,
  ...quotasProcedures,
  ...automationProcedures,
  ...settingsProcedures,
  ...fixturesProcedures,
} as const;

export const RPC_SUBSCRIPTIONS = {
  /** Lines as they are written, from now or from after the last one that arrived. */
  "logs.tail": { input: logFilterSchema, event: logItemSchema },
  ...changesSubscriptions,
  ...projectSubscriptions,
  ...loopSubscriptions,
  ...previewSubscriptions,
  ...requestsSubscriptions,
  ...registrySubscriptions,
  ...keysSubscriptions,
  ...quotasSubscriptions,
  ...automationSubscriptions,
  ...settingsSubscriptions,
} as const;

export type RpcProcedure = keyof typeof RPC_PROCEDURES;
/** As a client writes it: what has a default may be absent. */
export type RpcInput<Name extends RpcProcedure> = z.input<(typeof RPC_PROCEDURES)[Name]["input"]>;
/** As a handler gets it. */
export type RpcArguments<Name extends RpcProcedure> = z.output<(typeof RPC_PROCEDURES)[Name]["input"]>;
export type RpcOutput<Name extends RpcProcedure> = z.output<(typeof RPC_PROCEDURES)[Name]["output"]>;

export type RpcSubscription = keyof typeof RPC_SUBSCRIPTIONS;
export type RpcSubscriptionInput<Name extends RpcSubscription> = z.input<
  (typeof RPC_SUBSCRIPTIONS)[Name]["input"]
>;
export type RpcEvent<Name extends RpcSubscription> = z.output<(typeof RPC_SUBSCRIPTIONS)[Name]["event"]>;
