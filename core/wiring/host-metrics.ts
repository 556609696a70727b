import type { GatewayObserver } from "../gateway/index.ts";
import { createHostMetrics, type HostMetrics } from "../metrics/index.ts";
import type { Workbench } from "../workbench.ts";

/** What `GET /metrics` of a host shows of its workbench. */
export function observeWorkbench(
  workbench: Pick<Workbench, "automation" | "logs" | "observers" | "runner">,
): HostMetrics {
  const { automation, logs, observers, runner } = workbench;
  const metrics = createHostMetrics({
    runner: {
      restarts: () => runner.restarts(),
      isReady: () => ["ready", "external"].includes(runner.state()),
    },
    automation: { deliveries: automation.events.counts },
  });
  automation.schedules.observe({ began: metrics.runBegan, ended: metrics.runEnded });
  automation.events.observe(metrics);
  const observer: GatewayObserver = {
    answered: (install, { error, trace, usage }) =>
      metrics.answered({ extension: install?.extension_name ?? "", code: error?.code, trace, usage }),
    rowWritten: metrics.rowWritten,
  };
  observers.add(observer);
  logs.subscribe((items) => metrics.logLines(items.length));
  return metrics;
}
