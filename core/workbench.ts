import { availableParallelism } from "node:os";
import { type BundleReader, contentHashOf, createBundleReader } from "./bundle/index.ts";
import type { ContentHash } from "./contract/content-hash.ts";
import type { PolicyExplanation } from "./contract/policy-explanation.ts";
import type { VerificationReport } from "./contract/verification.ts";
import { createRefusalBook, createWatchedRunner, type RefusalBook } from "./egress/index.ts";
import {
  createGateway,
  createKeptAnswers,
  type Gateway,
  type GatewayObserver,
  type GatewayResult,
  observedRecorder,
} from "./gateway/index.ts";
import { createExecutionLog, createLogBook, type ExecutionLog, type LogBook } from "./logs/index.ts";
import { type Clock, systemClock } from "./platform/clock.ts";
import type { Environment } from "./platform/environment.ts";
import { makeHomeFolder } from "./platform/home-folder.ts";
import { type Ids, randomIds } from "./platform/ids.ts";
import type { Logger } from "./platform/logger.ts";
import { type Paths, pathsOf } from "./platform/paths.ts";
import type { SecretBox } from "./platform/secret-box.ts";
import { systemTimers } from "./platform/timers.ts";
import { createRegistry, type Registry, RegistryError } from "./registry/index.ts";
import {
  createInstallSecrets,
  createRedactor,
  createSecretsBroker,
  type InstallSecrets,
} from "./secrets/index.ts";
import {
  createKeystore,
  createTrustStore,
  type KeyRecord,
  type Keystore,
  signArchive,
  type TrustStore,
  trustSnapshotFromPem,
  verifyArchive,
} from "./signing/index.ts";
import { type Database, type ObjectStore, openDatabase } from "./store/index.ts";
import { createSettings, createTenants, type Settings, type Tenants } from "./tenants/index.ts";
import { type Automation, createAutomation } from "./wiring/automation.ts";
import { requireSameBox } from "./wiring/box-check.ts";
import type { CallRequest } from "./wiring/call-request.ts";
import { boxOf, defaultLimits, openBundleStore, trustBundlePem } from "./wiring/deployment.ts";
import { createElsewhere, type Elsewhere } from "./wiring/elsewhere.ts";
import { createExecutionRecordings, type ExecutionRecordings } from "./wiring/execution-recordings.ts";
import { createHostApi, type HostApi } from "./wiring/host-api.ts";
import { createPolicyExplainer, type ExplainRequest } from "./wiring/policy-explainer.ts";
import { previewOrigin } from "./wiring/preview-origin.ts";
import { createQuotas, type Quotas } from "./wiring/quotas.ts";
import { createRecord, type WorkbenchRecord } from "./wiring/record.ts";
import { createReproductions, type Reproductions } from "./wiring/reproductions.ts";
import { createRunnerConnection, type RunnerConnection } from "./wiring/runner-connection.ts";
import { withWarmUp } from "./wiring/runner-warm-up.ts";

export interface WorkbenchOptions {
  environment: Environment;
  logger: Logger;
  clock?: Clock;
  ids?: Ids;
  /** Seals keys and secrets at rest; default: a passphrase when one is set, else a key file in the home folder. */
  box?: SecretBox;
}

export interface VerifyBundleRequest {
  archive: Uint8Array;
  signature: string | undefined;
  at?: Date | undefined;
  tenantId?: string | undefined;
  /** Judge by these anchors alone. */
  trustPem?: string | undefined;
}

/** Everything that the platform is, over one home folder. The only place that wires features together. */
export interface Workbench {
  readonly environment: Environment;
  readonly paths: Paths;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly logger: Logger;
  /** What seals keys and secrets at rest. */
  readonly boxKind: string;
  readonly keystore: Keystore;
  readonly trust: TrustStore;
  readonly tenants: Tenants;
  readonly settings: Settings;
  readonly registry: Registry;
  readonly installSecrets: InstallSecrets;
  /** Reads archives that are about to be signed, published or explained. */
  readonly bundles: BundleReader;
  readonly objects: ObjectStore;
  readonly executions: ExecutionLog;
  readonly logs: LogBook;
  /** Host-call journals, and runs from them. */
  readonly recordings: ExecutionRecordings;
  readonly quotas: Quotas;
  /** What the egress of installs was refused. */
  readonly refusedEgress: RefusalBook;
  /** Live stream, archives, saved views and retention over executions and logs. */
  readonly record: WorkbenchRecord;
  readonly reproductions: Reproductions;
  readonly gateway: Gateway;
  /** Whoever counts what the gateway does. */
  readonly observers: Set<GatewayObserver>;
  readonly runner: RunnerConnection;
  readonly automation: Automation;
  /** Other processes over the same home. */
  readonly elsewhere: Elsewhere;
  /** What host calls have left behind. */
  readonly hostApi: Pick<HostApi, "invoices" | "metrics">;
  /** The tenant named, else the default one. Errors: `tenant_not_found`. */
  tenantId(given: string | undefined): string;
  sign(
    archive: Uint8Array,
    keyId: string,
  ): Promise<{ signature: string; key: KeyRecord; contentHash: ContentHash }>;
  verify(request: VerifyBundleRequest): Promise<VerificationReport>;
  /** To be called after every change of trust: judges what is published again and tells the runner. */
  trustChanged(): Promise<void>;
  /** A call through the gateway with the tenant's own API key, so that every decision is taken. */
  call(request: CallRequest): Promise<GatewayResult>;
  /** What every rule says of such a call, without making it; refusals name the manifest's line or the command to change. */
  explain(request: ExplainRequest): Promise<PolicyExplanation>;
  dispose(): Promise<void>;
}

export async function openWorkbench(options: WorkbenchOptions): Promise<Workbench> {
  const { environment, logger, clock = systemClock, ids = randomIds } = options;
  const paths = pathsOf(environment.home);
  makeHomeFolder(paths.home);
  const database = openDatabase(paths.database);
  try {
    return await wire({
      environment,
      logger,
      clock,
      ids,
      paths,
      database,
      box: options.box ?? boxOf(environment, paths),
    });
  } catch (error) {
    database.close();
    throw error;
  }
}

interface Foundation {
  environment: Environment;
  logger: Logger;
  clock: Clock;
  ids: Ids;
  paths: Paths;
  database: Database;
  box: SecretBox;
}

async function wire(foundation: Foundation): Promise<Workbench> {
  const { environment, logger, clock, ids, paths, database, box } = foundation;
  const settings = createSettings({ database });
  requireSameBox(settings, box);
  const store = openBundleStore(environment, paths);
  const { objects } = store;
  const tenants = createTenants({ database, box, clock, ids });
  const defaultTenant = tenants.ensureDefault();
  const keystore = createKeystore({ database, box, clock, ids });
  const trust = createTrustStore({ database, clock, ids, environmentBundlePem: trustBundlePem(environment) });
  const installSecrets = createInstallSecrets({ database, box, clock });
  const bundles = createBundleReader();
  const published = createRegistry({
    database,
    objects,
    tenants,
    clock,
    ids,
    secrets: installSecrets,
    bundles,
    verifier: {
      verify: (request) =>
        verifyArchive({ ...request, trust: trust.snapshot(), checkArchive: bundles.check }),
    },
  });
  const registry = withWarmUp(published, (contentHash, forTenant) => runner.warm(contentHash, forTenant));
  const executions = createExecutionLog({ database, clock });
  const { redact, redactorOf, secretText } = createRedactor({ database, secrets: installSecrets });
  const logs = createLogBook({ database, redactorOf });
  const quotas = createQuotas({
    database,
    clock,
    logger,
    tenants,
    registry,
    executions,
    defaults: defaultLimits(environment),
  });
  const automation = createAutomation({
    database,
    clock,
    ids,
    logger,
    registry,
    tenants,
    gateway: () => gateway,
  });
  const hostApi = createHostApi({
    database,
    clock,
    ids,
    fixtures: tenants.fixtures,
    redact,
    schedules: automation.hostAnswers,
    callExtension: (request) => gateway.call(request),
  });
  const runner = createRunnerConnection({
    environment,
    logger,
    ids,
    clock,
    database,
    store,
    paths,
    workers: Math.max(2, availableParallelism()),
    tenants,
    trust,
    registry,
    logs,
    answers: hostApi.answers,
  });
  const secretsBroker = createSecretsBroker({
    secrets: installSecrets,
    clock,
    serviceToken: () => runner.serviceToken,
  });
  const recordings = createExecutionRecordings({
    database,
    clock,
    ids,
    logger,
    tenants,
    registry,
    executions,
    installSecrets,
    secretText,
    secretsBroker,
    runner,
    isRunnerOurs: environment.RUNNER_BASE_URL === undefined,
  });
  const observers = new Set<GatewayObserver>();
  const refusedEgress = createRefusalBook({ database, clock });
  const gateway: Gateway = createGateway({
    callers: { byApiKey: (key) => tenants.callerByApiKey(key) },
    installs: { resolve: (tenantId, ref) => registry.resolveInstall(tenantId, ref) },
    runner: createWatchedRunner({ runner: recordings.runner, book: refusedEgress, redact, logger }),
    executions: observedRecorder(executions, observers),
    observers,
    keptAnswers: createKeptAnswers({ database, clock }),
    secrets: secretsBroker,
    scopes: runner.scopes,
    versions: {
      markInvalid: (install, code) => registry.markInvalid(install.version_id, code, install.tenant_id),
    },
    usage: quotas.book,
    redact,
    clock,
    ids,
    logger,
    limits: quotas.limitsFor,
    ticks: () => performance.now(),
    previewOrigin: (ref) => previewOrigin({ environment, registry, runner }, ref),
  });

  function tenantId(given: string | undefined): string {
    if (given === undefined) return defaultTenant.id;
    if (tenants.get(given)) return given;
    throw new RegistryError({ code: "tenant_not_found", message: "There is no such tenant." });
  }

  const call = (request: CallRequest): Promise<GatewayResult> =>
    gateway.call({
      extension: request.ref,
      method: request.method,
      target: request.path,
      headers: [
        ...request.headers,
        { name: "x-api-key", value: tenants.apiKeyOf(request.tenantId, request.personaId) },
      ],
      body: request.body,
      signal: request.signal,
    });

  return {
    environment,
    paths,
    clock,
    ids,
    logger,
    boxKind: box.kind,
    keystore,
    trust,
    tenants,
    settings,
    registry,
    installSecrets,
    bundles,
    objects,
    executions,
    logs,
    recordings,
    quotas,
    refusedEgress,
    record: createRecord({ database, clock, settings, executions, logs, recordings, redact }),
    reproductions: createReproductions({ executions, recordings, registry, tenants, redact, call }),
    gateway,
    observers,
    runner,
    automation,
    elsewhere: createElsewhere(registry.revision, systemTimers),
    hostApi,
    tenantId,
    async sign(archive, keyId) {
      const signer = keystore.signer(keyId);
      await bundles.requireSane(archive);
      const signature = await signArchive({ archive, signer, signingTime: clock.now() });
      return { signature, key: keystore.get(keyId), contentHash: contentHashOf(archive) };
    },
    verify: ({ archive, signature, at, tenantId: forTenant, trustPem }) =>
      verifyArchive({
        archive,
        signature,
        at: at ?? clock.now(),
        trust: trustPem === undefined ? trust.snapshot() : trustSnapshotFromPem(trustPem),
        ...(forTenant === undefined ? {} : { tenantId: tenantId(forTenant) }),
        checkArchive: bundles.check,
      }),
    async trustChanged() {
      await registry.reverify();
      await runner.refresh();
    },
    call,
    explain: createPolicyExplainer({ gateway, registry, objects, bundles, tenants }),
    async dispose() {
      // First: what they call must still be there to answer.
      await automation.stop();
      await runner.stop();
      executions.flush();
      recordings.flush();
      quotas.close();
      store.close();
      database.close();
    },
  };
}
