import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import type { HostState } from "./contract/rpc.ts";
import { createHostServer } from "./host/index.ts";
import type { LoopService } from "./loop/index.ts";
import { collectOnOwnThread } from "./platform/collection-flags.ts";
import type { Environment } from "./platform/environment.ts";
import { createLogger } from "./platform/logger.ts";
import type { SecretBox } from "./platform/secret-box.ts";
import { workbenchVersion } from "./platform/version.ts";
import type { Projects } from "./project/index.ts";
import type { Registry } from "./registry/index.ts";
import { systemFailure } from "./store/index.ts";
import { createWindowAutomation } from "./window/automation.ts";
import { createWindowFixtures } from "./window/fixtures.ts";
import { createKeysAndRegistryPorts } from "./window/keys-and-registry.ts";
import { createWindowLoop } from "./window/loop.ts";
import { createWindowPolicy } from "./window/policy.ts";
import { createWindowPreviews } from "./window/preview.ts";
import { createWindowProject } from "./window/project.ts";
import { createWindowQuotas } from "./window/quotas.ts";
import { createWindowSettings } from "./window/settings.ts";
import { type DevelopmentKey, ensureDevelopmentKey } from "./wiring/development-key.ts";
import { observeWorkbench } from "./wiring/host-metrics.ts";
import { type HostKeys, warningsOf } from "./wiring/host-warnings.ts";
import { localUploadKeyId } from "./wiring/local-uploads.ts";
import { keepRecord } from "./wiring/record-upkeep.ts";
import { readReproduction, readReproductionFile } from "./wiring/reproduction-file.ts";
import { ensureSample } from "./wiring/sample.ts";
import { openWorkbench, type Workbench } from "./workbench.ts";

/** What `serve --json` prints when ready. URLs are origins without a trailing slash. */
export interface ReadyLine {
  readonly url: string;
  readonly gateway_url: string;
  readonly runner_url: string;
  /** Opens the window and the control API. */
  readonly token: string;
  readonly tenants: readonly { readonly tenant_id: string; readonly api_key: string }[];
  readonly pid: number;
}

export interface RunningHost {
  readonly url: string;
  readonly token: string;
  /** Address that opens the window in a browser. */
  readonly windowUrl: string;
  readonly ready: ReadyLine;
  /** What the user must not miss: the development key was made, unsigned bundles are allowed, … */
  readonly notices: readonly string[];
  readonly workbench: Workbench;
  /** The project that the window has open. */
  readonly project: Projects;
  /** Builds that project on save. */
  readonly loop: LoopService;
  readonly developmentKey: DevelopmentKey;
  stop(): Promise<void>;
}

export interface StartHostOptions {
  readonly environment: Environment;
  readonly box?: SecretBox;
  /** Key that signs what the published `alga` command line uploads, which sends no signature. Absent: refused. */
  readonly signUploadsWith?: string | undefined;
  readonly onProgress?: (line: string) => void;
}

const TOKEN_BYTES = 32;

/** Brings everything up: workbench, development key, sample, runner, server. What was started is stopped when a step fails. */
export async function startHost(options: StartHostOptions): Promise<RunningHost> {
  const { environment, onProgress = () => {} } = options;
  collectOnOwnThread();
  const logger = createLogger(environment.WORKBENCH_LOG_LEVEL);
  const workbench = await openWorkbench({
    environment,
    logger,
    ...(options.box ? { box: options.box } : {}),
  });
  try {
    workbench.executions.interruptLeftovers();
    await workbench.registry.collectGarbage();
    await judgeAgain(workbench.registry);
    const tenantId = workbench.tenantId(undefined);
    const developmentKey = await ensureDevelopmentKey({
      keystore: workbench.keystore,
      trust: workbench.trust,
      settings: workbench.settings,
      tenantId,
      now: workbench.clock.now(),
    });
    // An unknown key stops the start, not the first upload.
    if (options.signUploadsWith !== undefined) workbench.keystore.signer(options.signUploadsWith);
    await ensureSample(workbench, developmentKey.id, onProgress);
    onProgress("Starting the runner…");
    await workbench.runner.start();
    workbench.automation.start();
    return await serve(workbench, { developmentKey, signUploadsWith: options.signUploadsWith });
  } catch (error) {
    await workbench.dispose();
    throw systemFailure(error) ?? error;
  }
}

/** What failed under a clock that was wrong, or before the environment's trust changed, may stand now. */
async function judgeAgain(registry: Registry): Promise<void> {
  const versions = registry.listExtensions().flatMap((entry) => entry.versions);
  const invalid = new Set([
    ...versions.filter(({ status }) => status === "invalid").map(({ version_id }) => version_id),
    ...registry
      .listInstalls()
      .filter(({ version_status }) => version_status === "invalid")
      .map(({ version_id }) => version_id),
  ]);
  for (const versionId of invalid) await registry.reverify(versionId);
}

async function serve(workbench: Workbench, keys: HostKeys): Promise<RunningHost> {
  const { developmentKey, signUploadsWith } = keys;
  const { environment, tenants, registry, runner } = workbench;
  const token = workbench.ids.token(TOKEN_BYTES);
  const project = createWindowProject(workbench);
  await project.restore();
  const loop = createWindowLoop(workbench, project, developmentKey.id);
  const stopPruning = workbench.quotas.keepPruned();
  let url = "";
  const server = createHostServer({
    gateway: workbench.gateway,
    callers: {
      byApiKey: (key) => tenants.callerByApiKey(key),
      persona: (choice) => tenants.caller({ tenantId: choice.tenant_id, personaId: choice.persona_id }),
    },
    tenants,
    registry,
    bundles: workbench.bundles,
    executions: workbench.executions,
    recordings: workbench.recordings,
    reproductions: {
      of: workbench.reproductions.of,
      read: async (source) =>
        "text" in source ? readReproduction(source.text) : readReproductionFile(source.path),
    },
    metrics: observeWorkbench(workbench),
    runner,
    logs: workbench.logs,
    live: workbench.record.live,
    records: {
      ...workbench.record,
      har: (ids, kept) => workbench.record.archive.har(ids, url, kept),
    },
    state: () => hostState(workbench, keys, url),
    project,
    loop,
    previews: createWindowPreviews(workbench),
    ...createKeysAndRegistryPorts(workbench),
    fixtures: createWindowFixtures(workbench),
    settings: createWindowSettings(workbench, workbenchVersion()),
    policy: createWindowPolicy(workbench, project),
    quotas: createWindowQuotas(workbench.quotas),
    automation: createWindowAutomation(workbench),
    elsewhere: workbench.elsewhere,
    localUploadSigner: () => {
      // What this start was told goes before what Settings remember.
      const keyId = signUploadsWith ?? localUploadKeyId(workbench);
      return keyId === undefined
        ? undefined
        : { sign: async (archive) => (await workbench.sign(archive, keyId)).signature };
    },
    token,
    rendererDir: rendererFolder(),
    stagingDir: workbench.paths.staging,
    frameSources: () => runner.frameSources(),
    clock: workbench.clock,
    ids: workbench.ids,
    logger: workbench.logger,
  });
  try {
    const listening = await server.listen(environment.WORKBENCH_PORT);
    url = listening.url;
    await runner.setHostOrigins([url]);
  } catch (error) {
    project.dispose();
    await loop.dispose();
    await server.close();
    throw error;
  }
  const runnerUrl = runner.publicBase();
  if (runnerUrl === undefined) throw new Error("the runner has just been started");
  const stopKeeping = keepRecord(workbench, { url, token, runner_url: runnerUrl });
  return {
    url,
    token,
    windowUrl: `${url}/?token=${token}`,
    ready: {
      url,
      gateway_url: url,
      runner_url: runnerUrl,
      token,
      tenants: tenants
        .list()
        .map((tenant) => ({ tenant_id: tenant.id, api_key: tenants.apiKeyOf(tenant.id) })),
      pid: process.pid,
    },
    notices: warningsOf(workbench, keys).map((warning) => `Note: ${warning.message}`),
    workbench,
    project,
    loop,
    developmentKey,
    async stop() {
      stopKeeping();
      stopPruning();
      project.dispose();
      await loop.dispose();
      await server.close();
      await workbench.dispose();
    },
  };
}

function hostState(workbench: Workbench, keys: HostKeys, url: string): HostState {
  const { developmentKey } = keys;
  const { tenants, keystore, runner } = workbench;
  const list = tenants.list();
  const defaultTenantId = workbench.tenantId(undefined);
  const tenant = list.find((candidate) => candidate.id === defaultTenantId);
  if (!tenant) throw new Error("the default tenant was just there");
  const key = keystore.list().find((candidate) => candidate.id === developmentKey.id);
  const publicBase = runner.publicBase();
  return {
    version: workbenchVersion(),
    tenant,
    tenants: list,
    personas: list
      .flatMap((entry) => tenants.personas.list(entry.id))
      .map((persona) => ({
        id: persona.id,
        tenant_id: persona.tenant_id,
        name: persona.name,
        user_type: persona.user.user_type,
      })),
    ...(key?.fingerprint_sha256
      ? {
          development_key: {
            key_id: key.id,
            subject: key.subject,
            fingerprint_sha256: key.fingerprint_sha256,
          },
        }
      : {}),
    runner: {
      state: runner.state(),
      ...runner.gauges(),
      ...(publicBase === undefined ? {} : { public_base: publicBase }),
    },
    gateway_url: url,
    warnings: warningsOf(workbench, keys),
  };
}

/** Beside the built JavaScript when that runs, else where `npm run build` puts it. */
function rendererFolder(): string {
  const built = join(dirname(import.meta.dirname), "renderer");
  return existsSync(join(built, "index.html")) && built.includes("dist")
    ? built
    : join(dirname(import.meta.dirname), "dist", "renderer");
}
