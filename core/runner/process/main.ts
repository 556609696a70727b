/**
 * The runner process. A composition root of its own beside `core/workbench.ts`: it wires the runner's parts and
 * takes from other features what verifies, unpacks and opens. It never sees a key, the database or the host's
 * environment; the service token and the configuration arrive in the first message, and it ends with its host.
 */
import { extname } from "node:path";
import type { ContentHash } from "../../contract/content-hash.ts";
import type { RunnerGauges } from "../../contract/runner-health.ts";
import {
  type HostMessage,
  hostMessageSchema,
  type RunnerConfiguration,
} from "../../contract/runner-protocol.ts";
import { systemClock } from "../../platform/clock.ts";
import { randomIds } from "../../platform/ids.ts";
import { openEnvelope, SecretError } from "../../secrets/index.ts";
import { createBundleLoader } from "../bundles/bundle-loader.ts";
import { createPreparationWorker } from "../bundles/preparation-worker.ts";
import { createVerdicts } from "../bundles/verdicts.ts";
import { createEgressGuard } from "../egress/egress-guard.ts";
import { createLogOutlet } from "../execution/execution-log.ts";
import { createExecutor } from "../execution/executor.ts";
import { EnvelopeExpired, type EnvelopeOpener } from "../execution/runner-scope.ts";
import { createRunnerMetrics } from "../metrics/runner-metrics.ts";
import { createGuestPool } from "../pool/guest-pool.ts";
import { createExecuteRoute } from "../server/execute-route.ts";
import { listen, type RunnerServer } from "../server/runner-server.ts";
import { createTokenCheck } from "../server/service-token.ts";
import { createUiInstalls } from "../ui/ui-installs.ts";
import { createUiRoute } from "../ui/ui-route.ts";
import { createCallDesk } from "./call-desk.ts";
import { createHostChannel } from "./host-channel.ts";

/** Sources run as they are, a build as JavaScript: workers start from files of the same kind. */
const KIND = extname(import.meta.filename);
const GUEST_ENTRY = new URL(`../guest/worker${KIND}`, import.meta.url);
const PREPARATION_ENTRY = new URL(`./preparation-thread${KIND}`, import.meta.url);

const GAUGES_INTERVAL_MS = 1_000;

interface Running {
  execute(id: number, request: unknown): Promise<void>;
  giveUp(id: number): void;
  configure(configuration: RunnerConfiguration): void;
  warm(contentHash: ContentHash, tenantId: string): void;
  drain(): Promise<void>;
}

const host = createHostChannel();
let running: Promise<Running> | undefined;

process.on("message", (message) => void receive(message));
// Whatever ends the host ends the channel, also when the host had no time to say so.
process.on("disconnect", () => process.exit(0));

async function receive(message: unknown): Promise<void> {
  const parsed = hostMessageSchema.safeParse(message);
  if (!parsed.success) return;
  const { data } = parsed;
  if (data.type === "reply") return host.onReply(data);
  if (data.type === "prepared") return host.onPrepared(data.id, data.failure);
  if (data.type === "start") {
    running ??= start(data);
    await running.catch(async (error: unknown) => {
      const code = error instanceof Error && "code" in error ? String(error.code) : "internal";
      await host.send({ type: "failed", code, message: `does not start (${code})` });
      process.exit(1);
    });
    return;
  }
  const runner = await running;
  if (data.type === "execute") {
    await runner?.execute(data.id, data.request);
  } else if (data.type === "give-up") {
    runner?.giveUp(data.id);
  } else if (data.type === "configure") {
    runner?.configure(data.configuration);
    await host.send({ type: "configured", revision: data.configuration.revision });
  } else if (data.type === "warm") {
    runner?.warm(data.content_hash, data.tenant_id);
  } else {
    await runner?.drain();
    await host.send({ type: "drained" });
    process.exit(0);
  }
}

type StartMessage = Extract<HostMessage, { type: "start" }>;

async function start({
  objectsDir,
  port,
  serviceToken,
  prepared,
  restarts = 0,
  ...given
}: StartMessage): Promise<Running> {
  let { configuration } = given;
  const onDiagnostic = (text: string) => void process.stderr.write(text);
  const preparation = createPreparationWorker({
    entry: PREPARATION_ENTRY,
    data: { objectsDir, prepared },
    onDiagnostic,
  });
  const pool = createGuestPool({ entry: GUEST_ENTRY, maximums: () => configuration.maximums, onDiagnostic });
  const bundles = createBundleLoader({
    verdicts: createVerdicts({
      objectsDir,
      preparation,
      clock: systemClock,
      configuration: () => configuration,
    }),
    preparation,
    preparer: host.preparer,
    maxMemoryMb: () => configuration.maximums.memory_mb,
  });
  const log = createLogOutlet((events) => host.send({ type: "log", events: [...events] }));
  const metrics = createRunnerMetrics({ pool: pool.state, caches: bundles.state, restarts });
  const executor = metrics.observing(
    createExecutor({
      bundles,
      pool,
      log,
      host: host.link,
      egress: createEgressGuard(),
      envelopes: envelopeOpener(serviceToken),
      clock: systemClock,
      ids: randomIds,
      configuration: () => configuration,
    }),
  );
  const calls = createCallDesk(executor, host.send);
  const gauges = (): RunnerGauges => ({
    isolation: configuration.isolation,
    pool: pool.state(),
    cache: bundles.state(),
  });
  const ui = createUiRoute({
    installs: createUiInstalls(host.link),
    bundles,
    hostOrigins: () => configuration.hostOrigins,
  });
  const server: RunnerServer = await listen(port, {
    isAuthorised: createTokenCheck(serviceToken),
    execute: createExecuteRoute(executor),
    ui,
    metrics,
    health: () => ({
      status: "ok",
      ...gauges(),
      process: { resident_bytes: process.memoryUsage.rss(), uptime_s: process.uptime() },
    }),
  });
  reportGauges(gauges, (changed) => void host.send({ type: "gauges", gauges: changed }));
  await host.send({ type: "ready", port: server.port });
  return {
    execute: calls.execute,
    giveUp: calls.giveUp,
    configure(changed) {
      configuration = changed;
    },
    warm(contentHash, tenantId) {
      // The call that follows says what is wrong with it.
      void bundles.program(contentHash, tenantId).catch(() => undefined);
    },
    async drain() {
      await Promise.all([server.drain(), calls.drained()]);
      await log.flush();
      await Promise.all([pool.close(), preparation.close()]);
    },
  };
}

/** Until the process ends. */
function reportGauges(read: () => RunnerGauges, send: (gauges: RunnerGauges) => void): void {
  let last = "";
  setInterval(() => {
    const gauges = read();
    const text = JSON.stringify(gauges);
    if (text === last) return;
    last = text;
    send(gauges);
  }, GAUGES_INTERVAL_MS).unref();
}

function envelopeOpener(serviceToken: string): EnvelopeOpener {
  return {
    open(envelope, context, now) {
      try {
        return openEnvelope(envelope, serviceToken, context, now);
      } catch (error) {
        if (error instanceof SecretError && error.code === "envelope_expired") throw new EnvelopeExpired();
        throw error;
      }
    },
  };
}
