import { Counter, Gauge, Histogram } from "prom-client";
import type { Decision } from "../contract/decision.ts";
import type { Usage } from "../contract/execute.ts";
import { createLabelCap } from "../platform/label-cap.ts";
import { CALL_SECONDS, createMetricRegistry, MS_PER_SECOND } from "../platform/metric-registry.ts";
import {
  type AutomationMetrics,
  type AutomationSource,
  createAutomationMetrics,
} from "./automation-metrics.ts";

/** Rules are the platform's own; the cap is for what an external runner or a later version makes of them. */
const MAX_RULES = 64;
/** Refusals for having used too much or too fast. */
const QUOTA_CODES = new Set(["rate_limited", "concurrency_exceeded", "quota_exceeded"]);

/** A call that the gateway has answered. */
export interface AnsweredCall {
  /** Name of the extension; empty where the call resolved to none. */
  readonly extension: string;
  /** The gateway's code; absent when the extension answered. */
  readonly code?: string | undefined;
  readonly trace: readonly Pick<Decision, "rule" | "outcome" | "code">[];
  readonly usage: Usage;
}

export interface HostMetricsOptions {
  readonly runner: {
    /** Restarts of the embedded runner. */
    restarts(): number;
    isReady(): boolean;
  };
  readonly automation: AutomationSource;
}

export interface HostMetrics extends AutomationMetrics {
  answered(call: AnsweredCall): void;
  /** Rows of the execution log were written. */
  rowWritten(): void;
  logLines(count: number): void;
  /** Somebody follows a stream; the answer says that it ended. */
  subscribed(stream: string): () => void;
  readonly contentType: string;
  expose(): Promise<string>;
}

/** The host's metrics, in the names that `resources/grafana` and `docs/metrics.md` use. */
export function createHostMetrics({ runner, automation }: HostMetricsOptions): HostMetrics {
  const registry = createMetricRegistry();
  const { registers, extensionOf } = registry;
  const ruleOf = createLabelCap(MAX_RULES);

  const requests = new Counter({
    name: "workbench_gateway_requests_total",
    help: "Calls by extension and code, `ok` where the extension answered.",
    registers,
    labelNames: ["extension", "code"],
  });
  const denials = new Counter({
    name: "workbench_gateway_denials_total",
    help: "Refusals by the rule that said no.",
    registers,
    labelNames: ["rule", "code"],
  });
  const quotas = new Counter({
    name: "workbench_gateway_quota_rejections_total",
    help: "Refusals by rate, concurrency or quota.",
    registers,
    labelNames: ["extension", "code"],
  });
  const duration = new Histogram({
    name: "workbench_gateway_execution_duration_seconds",
    help: "Duration of executions as the runner reports it.",
    registers,
    labelNames: ["extension"],
    buckets: CALL_SECONDS,
  });
  const rows = new Counter({
    name: "workbench_execution_rows_total",
    help: "Writes to the execution log.",
    registers,
  });
  const lines = new Counter({
    name: "workbench_log_lines_total",
    help: "Log lines that were kept.",
    registers,
  });
  const subscribers = new Gauge({
    name: "workbench_subscribers",
    help: "Readers that follow a stream of the host.",
    registers,
    labelNames: ["stream"],
  });
  new Gauge({
    name: "workbench_runner_process_restarts",
    help: "Restarts of the embedded runner.",
    registers,
    collect() {
      this.set(runner.restarts());
    },
  });
  new Gauge({
    name: "workbench_runner_up",
    help: "1 while the runner takes calls.",
    registers,
    collect() {
      this.set(runner.isReady() ? 1 : 0);
    },
  });

  return {
    answered({ extension: name, code = "ok", trace, usage }) {
      const extension = extensionOf(name);
      requests.inc({ extension, code });
      const denial = trace.findLast(({ outcome }) => outcome === "deny");
      if (denial !== undefined) denials.inc({ rule: ruleOf(denial.rule), code: denial.code ?? code });
      if (QUOTA_CODES.has(code)) quotas.inc({ extension, code });
      if (usage.duration_ms > 0) duration.observe({ extension }, usage.duration_ms / MS_PER_SECOND);
    },
    rowWritten: () => rows.inc(),
    logLines: (count) => lines.inc(count),
    subscribed(stream) {
      subscribers.inc({ stream });
      let isOver = false;
      return () => {
        if (!isOver) subscribers.dec({ stream });
        isOver = true;
      };
    },
    ...createAutomationMetrics(registry, automation),
    contentType: registry.contentType,
    expose: registry.expose,
  };
}
