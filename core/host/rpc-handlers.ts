import type { Ids } from "../platform/ids.ts";
import { HostError } from "./errors.ts";
import type { HostPorts } from "./ports.ts";
import { createAutomationHandlers, createAutomationSources } from "./rpc/automation-handlers.ts";
import { createExecutionsHandlers } from "./rpc/executions-handlers.ts";
import { createFixturesHandlers } from "./rpc/fixtures-handlers.ts";
import { createKeysHandlers } from "./rpc/keys-handlers.ts";
import { createLoopHandlers, createLoopSources } from "./rpc/loop-handlers.ts";
import { createPolicyHandlers } from "./rpc/policy-handlers.ts";
import { createPreviewHandlers, createPreviewSources } from "./rpc/preview-handlers.ts";
import { createProjectHandlers, createProjectSources } from "./rpc/project-handlers.ts";
import { createQuotasHandlers, createQuotasSources } from "./rpc/quotas-handlers.ts";
import { createRecordsHandlers } from "./rpc/records-handlers.ts";
import { createRegistryHandlers } from "./rpc/registry-handlers.ts";
import { createReproductionHandlers } from "./rpc/reproduction-handlers.ts";
import { createSettingsHandlers } from "./rpc/settings-handlers.ts";
import type { RpcHandlers, RpcSources } from "./rpc.ts";
import { countedSources } from "./subscription-count.ts";

/** Lines of one call that are sent along with its answer; all of them are in the log. */
const MAX_ANSWERED_LOG_LINES = 1_000;

export function createRpcHandlers(ports: HostPorts, ids: Ids): RpcHandlers {
  return {
    state: () => ports.state(),
    "extensions.list": () => ({ items: ports.registry.listExtensions() }),
    "installs.list": ({ tenant_id }) => ({ items: ports.registry.listInstalls(tenant_id) }),
    invoke: async (input, { signal }) => {
      const caller = ports.callers.persona(input);
      if (caller === undefined) {
        throw new HostError({ code: "caller_not_found", message: "There is no such tenant or persona." });
      }
      // One's own id, unless the developer sets one: it is what finds the lines of this call.
      const isIdGiven = input.headers.some(({ name }) => name.toLowerCase() === "x-request-id");
      const { body, ...result } = await ports.gateway.call({
        extension: input.install,
        method: input.method,
        target: input.path,
        headers: isIdGiven ? input.headers : [...input.headers, { name: "x-request-id", value: ids.uuid() }],
        body: input.body_b64 === undefined ? undefined : Buffer.from(input.body_b64, "base64"),
        caller,
        signal,
      });
      const lines = ports.logs.query({
        request_id: result.request_id,
        tenant_id: caller.tenant.id,
        limit: MAX_ANSWERED_LOG_LINES,
      });
      return { ...result, body_b64: Buffer.from(body).toString("base64"), log_lines: lines.items };
    },
    "executions.list": (filter) => ports.executions.list(filter),
    "executions.get": ({ id }) => {
      const record = ports.executions.find(id);
      if (record === undefined) {
        throw new HostError({ code: "execution_not_found", message: "There is no such execution." });
      }
      return record;
    },
    ...createExecutionsHandlers(ports),
    ...createReproductionHandlers(ports.reproductions),
    "runner.status": () => ports.runner.status(),
    "logs.query": (query) => ports.logs.query(query),
    ...createProjectHandlers(ports.project),
    ...createLoopHandlers(ports.loop),
    ...createPreviewHandlers(ports.previews),
    ...createKeysHandlers(ports.keysAndTrust),
    ...createRegistryHandlers(ports.windowRegistry),
    ...createRecordsHandlers(ports.records),
    ...createSettingsHandlers(ports.settings),
    ...createPolicyHandlers(ports.policy),
    ...createQuotasHandlers(ports.quotas),
    ...createFixturesHandlers(ports.fixtures),
    ...createAutomationHandlers(ports.automation),
  };
}

export function createRpcSources(
  ports: Pick<HostPorts, "automation" | "logs" | "loop" | "metrics" | "previews" | "project" | "quotas">,
): Omit<RpcSources, "host.changes"> {
  return countedSources(ports.metrics.subscribed, {
    "logs.tail": (filter, options) => ports.logs.tail(filter, options),
    ...createProjectSources(ports.project),
    ...createLoopSources(ports.loop),
    ...createPreviewSources(ports.previews),
    ...createQuotasSources(ports.quotas),
    ...createAutomationSources(ports.automation),
  });
}
