import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import type { ContentHash } from "../contract/content-hash.ts";
import type { ExecuteRequest, ExecuteResponse } from "../contract/execute.ts";
import { MAX_BODY_BYTES, MAX_FUEL, MAX_MEMORY_MB, MAX_TIMEOUT_MS } from "../contract/limits.ts";
import type { HostState } from "../contract/rpc.ts";
import type { RunnerStatusReport } from "../contract/runner-health.ts";
import type { RunnerConfiguration } from "../contract/runner-protocol.ts";
import type { LogBook } from "../logs/index.ts";
import type { Clock } from "../platform/clock.ts";
import type { Environment } from "../platform/environment.ts";
import type { Ids } from "../platform/ids.ts";
import { readOrCreateKeyMaterial } from "../platform/key-material-file.ts";
import type { Logger } from "../platform/logger.ts";
import type { Paths } from "../platform/paths.ts";
import { PLAIN_NODE_ENVIRONMENT } from "../platform/plain-node.ts";
import { runnerHealth } from "../platform/runner-health.ts";
import { reachRunner, runnerTrouble } from "../platform/runner-reach.ts";
import type { Registry } from "../registry/index.ts";
import {
  createHostBroker,
  createHttpRunnerClient,
  createRunnerSupervisor,
  type RunnerStatus,
} from "../runner/index.ts";
import type { TrustStore } from "../signing/index.ts";
import { type Database, dataVersionOf } from "../store/index.ts";
import type { Tenants } from "../tenants/index.ts";
import { bundleMissing } from "./bundle-missing.ts";
import type { BundleStore } from "./deployment.ts";
import type { HostApi } from "./host-api.ts";

const SERVICE_TOKEN_BYTES = 32;
const PREPARED_KEY_BYTES = 32;
/** Executions that may wait for a guest worker. */
const MAX_QUEUE = 256;

interface ConnectionOptions {
  environment: Environment;
  logger: Logger;
  ids: Ids;
  clock: Clock;
  database: Database;
  store: Pick<BundleStore, "folder" | "ensure">;
  paths: Pick<Paths, "prepared" | "preparedKey">;
  /** Guest workers at once. */
  workers: number;
  tenants: Tenants;
  trust: TrustStore;
  registry: Registry;
  logs: LogBook;
  /** To the host calls of extensions. */
  answers: HostApi["answers"];
}

/** The runner that the gateway calls: the embedded one, kept in step with trust and tenants, or an external one. */
export type RunnerConnection = ReturnType<typeof createRunnerConnection>;

const STATES: Record<RunnerStatus, HostState["runner"]["state"]> = {
  stopped: "stopped",
  starting: "starting",
  running: "ready",
  restarting: "restarting",
  stopping: "stopped",
  failed: "unavailable",
};

export function createRunnerConnection(options: ConnectionOptions) {
  const { environment, database, registry, tenants, trust } = options;
  const external = environment.RUNNER_BASE_URL;
  const serviceToken = environment.RUNNER_SERVICE_TOKEN ?? options.ids.token(SERVICE_TOKEN_BYTES);
  let hostOrigins: readonly string[] = [];
  let revision = 0;
  let known = "";
  const others = dataVersionOf(database);
  let dataVersion: number | undefined;
  let applied: Promise<void> = Promise.resolve();
  let trouble: ReturnType<typeof runnerTrouble>;
  // The runner may be told of an empty store, and Node refuses to name a folder that is not there.
  mkdirSync(options.store.folder, { recursive: true });

  const broker = createHostBroker({
    answers: options.answers,
    ui: {
      tenantsWith: async (extensionId, contentHash) => {
        // Assets pass by the gateway: without this the runner would serve by a trust that has been withdrawn since.
        await refresh();
        // Without it the runner says by itself that there is no such bundle.
        await options.store.ensure(contentHash).catch(() => {});
        return registry
          .findInstallAnywhere(extensionId)
          .filter((install) => install.enabled && install.content_hash === contentHash)
          .map((install) => install.tenant_id);
      },
    },
  });
  const supervisor = createRunnerSupervisor({
    objectsDir: options.store.folder,
    prepared: {
      folder: options.paths.prepared,
      key: readOrCreateKeyMaterial(options.paths.preparedKey, PREPARED_KEY_BYTES, () =>
        randomBytes(PREPARED_KEY_BYTES),
      ),
    },
    broker,
    logger: options.logger,
    serviceToken,
    config: () => ({ ...configuration(), revision }),
    onLog: (events) => void options.logs.append(events),
    port: environment.WORKBENCH_RUNNER_PORT,
    extraEnv: PLAIN_NODE_ENVIRONMENT,
  });
  const elsewhere =
    external === undefined ? undefined : createHttpRunnerClient({ baseUrl: external, serviceToken });

  function configuration(): Omit<RunnerConfiguration, "revision"> {
    return {
      trust: trust.snapshot(),
      unsignedTenants: tenants
        .list()
        .filter((tenant) => tenant.unsigned_policy === "allow")
        .map((tenant) => tenant.id),
      egressAllowlist: environment.EXT_EGRESS_ALLOWLIST,
      hostOrigins: [...hostOrigins],
      isolation: environment.WORKBENCH_RUNNER_ISOLATION,
      maximums: {
        timeout_ms: MAX_TIMEOUT_MS,
        memory_mb: MAX_MEMORY_MB,
        fuel: MAX_FUEL,
        response_body_bytes: MAX_BODY_BYTES,
        workers: options.workers,
        queue: MAX_QUEUE,
      },
    };
  }

  /** Tells the runner what has changed, and waits until it works by it. */
  async function refresh(): Promise<void> {
    const next = configuration();
    const text = JSON.stringify(next);
    if (text !== known) {
      known = text;
      revision += 1;
      applied = supervisor.configure({ ...next, revision });
    }
    // Also when somebody else has told it: the answer may not be there yet.
    await applied;
  }

  /** A command beside a running `serve` may have changed trust: SQLite says whether another process wrote. */
  async function refreshIfOthersWrote(): Promise<void> {
    const version = others();
    if (version === dataVersion) return applied;
    dataVersion = version;
    await refresh();
  }

  /** Kept while the runner is being started again: the window must load and say so. */
  function embeddedOrigin(): string | undefined {
    const { port } = supervisor.state();
    return port === undefined ? undefined : `http://localhost:${port}`;
  }

  return {
    serviceToken,
    scopes: broker,
    async start(): Promise<void> {
      if (external !== undefined) {
        trouble = runnerTrouble(external, await reachRunner(external, serviceToken));
        return;
      }
      known = JSON.stringify(configuration());
      await supervisor.start();
    },
    /** What was wrong with an external runner at the start; calls go there all the same. */
    trouble: () => trouble,
    async stop(): Promise<void> {
      await supervisor.stop();
      elsewhere?.close();
    },
    async execute(request: ExecuteRequest, signal?: AbortSignal): Promise<ExecuteResponse> {
      if (elsewhere !== undefined) return elsewhere.execute(request, signal);
      await refreshIfOthersWrote();
      const missing = await bundleMissing(options.store, request.context.content_hash);
      return missing ?? supervisor.execute(request, signal);
    },
    refresh,
    /** After a publish (for no tenant yet), an install or an update: the first call shall not wait for what could be done before. */
    warm(contentHash: ContentHash, tenantId?: string): void {
      if (external !== undefined) return;
      void options.store.ensure(contentHash).then(
        () => supervisor.warm(contentHash, tenantId),
        // The first call hears of it.
        () => {},
      );
    },
    /** Origins that may frame an extension's UI; known only once the host listens. */
    async setHostOrigins(origins: readonly string[]): Promise<void> {
      hostOrigins = origins;
      if (external === undefined) await refresh();
    },
    /** Origin of UI assets without an extension's label, as `serve` prints it; unknown before the first start. */
    publicBase: (): string | undefined => environment.RUNNER_PUBLIC_BASE ?? external ?? embeddedOrigin(),
    /** What the window's content policy lets it frame: every extension's own origin. */
    frameSources(): readonly string[] {
      const base = environment.RUNNER_PUBLIC_BASE ?? external ?? embeddedOrigin()?.replace("://", "://*.");
      return base === undefined ? [] : [base];
    },
    /** What the window and `/metrics` show of the runner; asks it how it is. */
    async status(): Promise<RunnerStatusReport> {
      const url = external ?? embeddedOrigin();
      const { pid, restarts, startedAt, lastError } = supervisor.state();
      const health = url === undefined ? undefined : await runnerHealth(url);
      return {
        state: external === undefined ? STATES[supervisor.state().status] : "external",
        restarts,
        ...(url === undefined ? {} : { url }),
        ...(pid === undefined ? {} : { pid }),
        ...(startedAt === undefined ? {} : { started_at: startedAt.toISOString() }),
        ...(lastError === undefined ? {} : { last_error: lastError }),
        ...(health === undefined ? {} : { health }),
      };
    },
    restarts: (): number => supervisor.state().restarts,
    state: (): HostState["runner"]["state"] =>
      external === undefined ? STATES[supervisor.state().status] : "external",
    /** Restarts and what the runner holds; of an external one nothing is known. */
    gauges(): Pick<HostState["runner"], "restarts" | "gauges"> {
      if (external !== undefined) return {};
      const { restarts, gauges } = supervisor.state();
      return { restarts, ...(gauges === undefined ? {} : { gauges }) };
    },
  };
}
