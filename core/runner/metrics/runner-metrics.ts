import { Counter, Gauge, Histogram } from "prom-client";
import type { ExecuteRequest, ExecuteResponse } from "../../contract/execute.ts";
import { CALL_SECONDS, createMetricRegistry, MS_PER_SECOND } from "../../platform/metric-registry.ts";
import type { CacheState } from "../bundles/bundle-loader.ts";
import type { Executor } from "../execution/executor.ts";
import type { GuestPoolState } from "../pool/guest-pool.ts";

const MEBIBYTE = 1024 * 1024;
const BYTES = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024].map((mebibytes) => mebibytes * MEBIBYTE);
const FUEL = [1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11];

/** Default metrics that are read from `/proc`, where this process may not look: it would say that they are none. */
const UNREADABLE = [
  "process_resident_memory_bytes",
  "process_virtual_memory_bytes",
  "process_heap_bytes",
  "process_open_fds",
  "process_max_fds",
];

export interface RunnerMetricsOptions {
  pool(): GuestPoolState;
  caches(): CacheState;
  /** Starts of the runner after the first, as its supervisor counts them. */
  readonly restarts: number;
}

export interface RunnerMetrics {
  /** The same executor, observed. Replays are no invocations and are counted apart. */
  observing(executor: Executor): Executor;
  readonly contentType: string;
  expose(): Promise<string>;
}

/** The runner's metrics, in the names that `resources/grafana` and `docs/metrics.md` use. */
export function createRunnerMetrics(options: RunnerMetricsOptions): RunnerMetrics {
  const { registers, extensionOf, contentType, expose } = createMetricRegistry();
  for (const name of UNREADABLE) registers[0].removeSingleMetric(name);
  const named = { registers, labelNames: ["extension_id"] as const };

  const invocations = new Counter({
    name: "workbench_runner_invocations_total",
    help: "Executions by extension and by error code, `ok` where there was none.",
    registers,
    labelNames: ["extension_id", "code"],
  });
  const replays = new Counter({
    name: "workbench_runner_replays_total",
    help: "Executions that were answered from a record.",
    registers,
  });
  const timeouts = new Counter({
    name: "workbench_runner_timeouts_total",
    help: "Executions ended at their deadline.",
    ...named,
  });
  const duration = new Histogram({
    name: "workbench_runner_invocation_duration_seconds",
    help: "From the prepared bundle to the judged answer.",
    buckets: CALL_SECONDS,
    ...named,
  });
  const memory = new Histogram({
    name: "workbench_runner_invocation_memory_bytes",
    help: "Peak linear memory of an execution.",
    buckets: BYTES,
    ...named,
  });
  const fuel = new Histogram({
    name: "workbench_runner_invocation_fuel",
    help: "Fuel of an execution.",
    buckets: FUEL,
    ...named,
  });
  const count = (name: string, help: string) =>
    new Counter({ name: `workbench_runner_${name}_total`, help, ...named });
  const guest = count("guest_seconds", "Time in extensions' own code.");
  const host = count("host_seconds", "Time of guests in host calls.");
  const egress = count("egress_bytes", "Bytes sent and received for extensions.");
  const hostCalls = count("host_calls", "Host calls of extensions.");
  const logLines = count("log_lines", "Lines that extensions logged.");

  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name: `workbench_runner_${name}`,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  gauge("pool_workers", "Guest workers bound to a tenant.", () => options.pool().workers);
  gauge("pool_busy_workers", "Guest workers with an execution.", () => options.pool().busy);
  gauge("pool_waiting", "Executions that wait for a worker.", () => options.pool().waiting);
  gauge(
    "pool_held_bytes",
    "Memory of instances that stand ready, with their images.",
    () => options.pool().held_bytes,
  );
  gauge("pool_killed", "Threads ended in the middle of an execution.", () => options.pool().killed);
  gauge("cache_programs", "Prepared components held in memory.", () => options.caches().programs);
  gauge(
    "cache_program_bytes",
    "Bytes of prepared components held in memory.",
    () => options.caches().program_bytes,
  );
  gauge("cache_ui_bytes", "Bytes of UI files held in memory.", () => options.caches().ui_bytes);
  gauge("resident_bytes", "Resident memory of the runner process.", () => process.memoryUsage.rss());
  gauge("restarts", "Starts of the runner process after the first.", () => options.restarts);

  function observe({ context, replay }: ExecuteRequest, { usage, error }: ExecuteResponse): void {
    if (replay !== undefined) return void replays.inc();
    const extension_id = extensionOf(context.extension_id);
    const labels = { extension_id };
    invocations.inc({ extension_id, code: error?.code ?? "ok" });
    if (error?.code === "timeout") timeouts.inc(labels);
    duration.observe(labels, usage.duration_ms / MS_PER_SECOND);
    memory.observe(labels, usage.memory_bytes);
    fuel.observe(labels, usage.fuel);
    guest.inc(labels, (usage.guest_ms ?? 0) / MS_PER_SECOND);
    host.inc(labels, (usage.host_ms ?? 0) / MS_PER_SECOND);
    egress.inc(labels, usage.egress_bytes);
    hostCalls.inc(labels, usage.host_calls);
    logLines.inc(labels, usage.log_lines);
  }

  return {
    observing: (executor) => ({
      async execute(request, signal) {
        const response = await executor.execute(request, signal);
        observe(request, response);
        return response;
      },
    }),
    contentType,
    expose,
  };
}
