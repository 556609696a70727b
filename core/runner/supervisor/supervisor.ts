import { mkdirSync } from "node:fs";
import type { ContentHash } from "../../contract/content-hash.ts";
import type { LogEvent } from "../../contract/log-event.ts";
import type { RunnerGauges } from "../../contract/runner-health.ts";
import {
  type HostMessage,
  type RunnerConfiguration,
  type RunnerMessage,
  runnerMessageSchema,
} from "../../contract/runner-protocol.ts";
import type { Logger } from "../../platform/logger.ts";
import type { HostBroker } from "../broker/host-broker.ts";
import { type RunnerError, unavailable } from "../errors.ts";
import type { RunnerClient } from "../http-client.ts";
import { preparationVersion } from "../prepared/preparation-version.ts";
import { extensionLabel } from "../server/authority.ts";
import { Backoff } from "./backoff.ts";
import { ChannelCalls } from "./channel-calls.ts";
import { runnerArguments } from "./command-line.ts";
import { createPreparer } from "./preparer.ts";
import { Readiness } from "./readiness.ts";
import { RestrictedProcess, startFailed } from "./restricted-process.ts";

/** A start may be slow on a busy machine; beyond this it hangs. */
const START_TIMEOUT_MS = 30_000;
/** Executions that are under way at a stop get this long to end. */
const DRAIN_TIMEOUT_MS = 10_000;
/** How long a call waits for a runner that is being started again. */
const READY_WAIT_MS = 10_000;

export type RunnerStatus = "stopped" | "starting" | "running" | "restarting" | "stopping" | "failed";

export interface RunnerState {
  readonly status: RunnerStatus;
  readonly pid?: number;
  readonly port?: number;
  /** Starts after the first. */
  readonly restarts: number;
  /** Of the present process. */
  readonly startedAt?: Date;
  /** What the present process holds and does, as of a second ago. */
  readonly gauges?: RunnerGauges;
  /** Why the last process ended, in words. */
  readonly lastError?: string;
}

export interface RunnerSupervisorOptions {
  /** Bundles: besides code and prepared bundles all that the runner may read. Made if need be. */
  readonly objectsDir: string;
  /** Folder of prepared bundles, and the key that says which are ours. */
  readonly prepared: { readonly folder: string; readonly key: Uint8Array };
  readonly broker: HostBroker;
  readonly logger: Logger;
  readonly serviceToken: string;
  /** What every new process starts with. */
  config(): RunnerConfiguration;
  onLog(events: readonly LogEvent[]): void;
  /** `WORKBENCH_RUNNER_PORT`; 0: any, kept over restarts. */
  readonly port?: number;
  /** Default: the program that runs this. */
  readonly execPath?: string;
  /** Added to an otherwise empty environment; `ELECTRON_RUN_AS_NODE` under Electron. */
  readonly extraEnv?: Readonly<Record<string, string>>;
  readonly onState?: (state: RunnerState) => void;
}

export interface Supervisor extends Pick<RunnerClient, "execute"> {
  /** Resolves when the runner takes calls. @throws RunnerError `runner_start_failed`. */
  start(): Promise<void>;
  /** Lets executions end, then ends the process. Everything that it logged has been delivered. */
  stop(): Promise<void>;
  /** Origin of what it serves. @throws RunnerError `runner_unavailable`. */
  baseUrl(): string;
  /** Origin of an extension's UI, by the id that stands in its assets' URLs. @throws as `baseUrl`. */
  publicOrigin(extensionId: string): string;
  /** Resolves when the runner works by the configuration; at once when there is none to tell. */
  configure(configuration: RunnerConfiguration): Promise<void>;
  /**
   * Makes a first call fast, while the runner runs: prepares the bundle and resolves when that is done, well or
   * not; or, for a tenant, asks for it to be loaded.
   */
  warm(contentHash: ContentHash, tenantId?: string): Promise<void>;
  state(): RunnerState;
}

/** Of a process that has ended. */
const PROCESS_FIELDS: (keyof RunnerState)[] = ["pid", "startedAt", "gauges"];

type RunnerChild = RestrictedProcess<RunnerMessage, HostMessage>;

/** Keeps one runner process alive: starts it, answers its calls, starts it again when it dies. */
export function createRunnerSupervisor(options: RunnerSupervisorOptions): Supervisor {
  const { broker, logger, onLog } = options;
  const prepared = { ...options.prepared, version: preparationVersion() };
  const preparer = createPreparer({
    objectsDir: options.objectsDir,
    prepared,
    execPath: options.execPath ?? process.execPath,
    extraEnv: options.extraEnv ?? {},
    onOutput: (text) => logger.warn({ output: text.trimEnd() }, "preparer output"),
  });
  const backoff = new Backoff();
  let state: RunnerState = { status: "stopped", restarts: 0 };
  let current: RunnerChild | undefined;
  let calls = new ChannelCalls(() => undefined);
  let restartTimer: NodeJS.Timeout | undefined;
  const ready = new Readiness();
  const acknowledgements = new Set<{ readonly revision: number; readonly resolve: () => void }>();

  function set(
    change: Partial<RunnerState> & { status: RunnerStatus },
    without: (keyof RunnerState)[] = [],
  ): void {
    const next = { ...state, ...change };
    for (const key of without) delete next[key];
    state = next;
    options.onState?.(state);
  }

  function launch(): void {
    // A path that the process may read must be there when it starts; an empty store has none yet.
    const readable = [options.objectsDir, prepared.folder];
    for (const folder of readable) mkdirSync(folder, { recursive: true });
    const child: RunnerChild = new RestrictedProcess({
      arguments: runnerArguments({ readable }),
      messages: runnerMessageSchema,
      execPath: options.execPath ?? process.execPath,
      extraEnv: options.extraEnv ?? {},
      onMessage: (message) => receive(child, message),
      onOutput: (text) => logger.warn({ runner_pid: child.pid, output: text.trimEnd() }, "runner output"),
    });
    current = child;
    const asked = new ChannelCalls((message) => child.send(message));
    calls = asked;
    set({
      status: state.status,
      startedAt: child.startedAt,
      ...(child.pid === undefined ? {} : { pid: child.pid }),
    });
    child.send({
      type: "start",
      objectsDir: options.objectsDir,
      port: state.port ?? options.port ?? 0,
      serviceToken: options.serviceToken,
      prepared,
      restarts: state.restarts,
      configuration: options.config(),
    });
    const slow = setTimeout(() => {
      set({ status: state.status, lastError: `did not start within ${START_TIMEOUT_MS} ms` });
      child.kill();
    }, START_TIMEOUT_MS);
    void Promise.race([child.ended, ready.reached.catch(() => undefined)]).then(() => clearTimeout(slow));
    void child.ended.then((how) => {
      ended(child, how);
      asked.lost(how);
    });
  }

  function receive(child: RunnerChild, message: RunnerMessage): void {
    switch (message.type) {
      case "executed":
        calls.executed(message);
        return;
      case "ready":
        set({ status: "running", port: message.port });
        ready.reach();
        return;
      case "failed":
        set({ status: state.status, lastError: message.message });
        // A kept port that somebody else took meanwhile: any other will do.
        if (message.code === "EADDRINUSE" && (options.port ?? 0) === 0)
          set({ status: state.status }, ["port"]);
        return;
      case "configured":
        for (const waiting of acknowledgements) if (waiting.revision <= message.revision) waiting.resolve();
        return;
      case "call":
        void broker
          .answer(message.call)
          .then((answer) => child.send({ type: "reply", id: message.id, ...answer }));
        return;
      case "log":
        try {
          onLog(message.events);
        } catch (error) {
          // A full disk loses lines; it must not end the host, which nothing above this would prevent.
          logger.error({ err: error, lines: message.events.length }, "log lines could not be kept");
        }
        return;
      case "gauges":
        set({ status: state.status, gauges: message.gauges });
        return;
      case "prepare":
        void preparer
          .prepare({ contentHash: message.content_hash, maxMemoryMb: message.max_memory_mb })
          .then((failure) =>
            child.send({ type: "prepared", id: message.id, ...(failure === undefined ? {} : { failure }) }),
          );
        return;
      case "drained":
        return; // the process ends by itself
    }
  }

  function ended(child: RunnerChild, how: string): void {
    if (current !== child) return;
    current = undefined;
    for (const waiting of acknowledgements) waiting.resolve();
    if (state.status === "stopping" || state.status === "stopped" || state.status === "failed") return;
    const lastError = state.status === "running" ? how : (state.lastError ?? how);
    logger.error({ how, age_ms: Math.round(child.age) }, "the runner ended by itself");
    if (state.status === "starting") {
      set({ status: "failed", lastError }, PROCESS_FIELDS);
      ready.fail(startFailed(`The runner ${lastError}.`));
      return;
    }
    if (state.status === "running") {
      ready.renew();
    }
    set({ status: "restarting", lastError, restarts: state.restarts + 1 }, PROCESS_FIELDS);
    restartTimer = setTimeout(launch, backoff.next(child.age));
  }

  return {
    async start() {
      if (state.status === "running" || state.status === "starting") return void (await ready.reached);
      ready.renew();
      set({ status: "starting" }, ["lastError"]);
      launch();
      await ready.reached;
    },
    async stop() {
      clearTimeout(restartTimer);
      const child = current;
      if (child === undefined) {
        await preparer.close();
        return set({ status: "stopped" }, PROCESS_FIELDS);
      }
      set({ status: "stopping" });
      ready.fail(unavailable("The runner is stopping."));
      ready.renew();
      child.send({ type: "drain" });
      const overdue = setTimeout(() => child.kill(), DRAIN_TIMEOUT_MS);
      await child.ended;
      await preparer.close();
      clearTimeout(overdue);
      set({ status: "stopped" }, PROCESS_FIELDS);
    },
    async execute(request, signal) {
      // Nothing that is sent now would be read: it is a call for the next process.
      if (state.status === "running" && current?.connected === false) await current.ended;
      if (state.status === "restarting" || state.status === "starting") await ready.within(READY_WAIT_MS);
      else if (state.status !== "running") throw notRunning(state.status, state.lastError);
      signal?.throwIfAborted();
      return calls.execute(request, signal);
    },
    baseUrl: () => originOf(state),
    publicOrigin(extensionId) {
      return originOf(state).replace("127.0.0.1", `${extensionLabel(extensionId)}.localhost`);
    },
    configure(configuration) {
      const child = current;
      if (child === undefined) return Promise.resolve();
      const { promise, resolve } = Promise.withResolvers<void>();
      const waiting = { revision: configuration.revision, resolve };
      acknowledgements.add(waiting);
      child.send({ type: "configure", configuration });
      return promise.finally(() => acknowledgements.delete(waiting));
    },
    async warm(contentHash, tenantId) {
      // A command beside a running workbench would only wait for what it does not need.
      if (state.status !== "running") return;
      if (tenantId !== undefined)
        current?.send({ type: "warm", content_hash: contentHash, tenant_id: tenantId });
      else await preparer.prepare({ contentHash, maxMemoryMb: options.config().maximums.memory_mb });
    },
    state: () => state,
  };
}

function originOf({ status, port, lastError }: RunnerState): string {
  if (status === "running" && port !== undefined) return `http://127.0.0.1:${port}`;
  throw notRunning(status, lastError);
}

function notRunning(status: RunnerStatus, lastError: string | undefined): RunnerError {
  return unavailable(`The runner is ${status}${lastError === undefined ? "" : `: it ${lastError}`}.`);
}
