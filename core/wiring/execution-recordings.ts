import type { ContentHash } from "../contract/content-hash.ts";
import type { ExecutionRecord } from "../contract/execution-record.ts";
import type { ExecutionDetail } from "../contract/execution-recording.ts";
import type { ExecutionLog } from "../logs/index.ts";
import type { Clock } from "../platform/clock.ts";
import type { Ids } from "../platform/ids.ts";
import type { Logger } from "../platform/logger.ts";
import type { SecretText } from "../platform/secret-text.ts";
import {
  createRecordingRunner,
  createRecordingStore,
  createReplay,
  executionDetail,
} from "../recording/index.ts";
import { type Registry, RegistryError } from "../registry/index.ts";
import type { InstallSecrets, SecretsBroker } from "../secrets/index.ts";
import type { Database } from "../store/index.ts";
import type { Tenants } from "../tenants/index.ts";
import type { RunnerConnection } from "./runner-connection.ts";

interface Options {
  readonly database: Database;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly logger: Logger;
  readonly tenants: Pick<Tenants, "get">;
  readonly registry: Pick<Registry, "versions">;
  readonly executions: Pick<ExecutionLog, "find">;
  readonly installSecrets: Pick<InstallSecrets, "open">;
  readonly secretText: (installId: string) => SecretText;
  readonly secretsBroker: Pick<SecretsBroker, "envelopeFor">;
  readonly runner: Pick<RunnerConnection, "execute">;
  /** The embedded runner, and not one that `RUNNER_BASE_URL` names. */
  readonly isRunnerOurs: boolean;
}

export type ExecutionRecordings = ReturnType<typeof createExecutionRecordings>;

/** Wires what is recorded of executions: the runner that the gateway calls, what is shown, and replays. */
export function createExecutionRecordings(options: Options) {
  const { registry, runner, tenants, installSecrets, executions } = options;
  const store = createRecordingStore(options);
  return {
    runner: createRecordingRunner({
      runner,
      store,
      logger: options.logger,
      isDevelopmentTenant: (tenantId) => tenants.get(tenantId)?.is_development === true,
      secretText: options.secretText,
    }),
    detail: (execution: ExecutionRecord): ExecutionDetail =>
      executionDetail(execution, store.get(execution.id)),
    replay: createReplay({
      store,
      executions,
      runner: () => (options.isRunnerOurs ? runner : undefined),
      ids: options.ids,
      secretsOf: (installId) => installSecrets.open(installId),
      envelopeFor: (context, timeoutMs) => options.secretsBroker.envelopeFor(context, timeoutMs),
      version: (extensionId, version) => versionOf(registry, extensionId, version),
    }),
    recording: store.get,
    flush: store.flush,
    prune: store.prune,
  };
}

function versionOf(
  registry: Pick<Registry, "versions">,
  extensionId: string,
  wanted: string,
): { version_id: string; content_hash: ContentHash } {
  const found = registry
    .versions(extensionId)
    .find(({ version, version_id }) => version === wanted || version_id === wanted);
  if (found !== undefined) return found;
  throw new RegistryError({ code: "version_not_found", message: "The extension has no such version." });
}
