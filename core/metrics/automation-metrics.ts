import { Counter, Gauge, Histogram } from "prom-client";
import type { ScheduleRun } from "../contract/schedule.ts";
import { type MetricRegistry, MS_PER_SECOND } from "../platform/metric-registry.ts";

/** A second is how often schedules are looked at; a minute makes a run a missed one; beyond, the machine was off. */
const LATENESS_SECONDS = [0.5, 1, 2, 5, 10, 30, 60, 300, 900, 3_600, 21_600, 86_400];

type Extension = { readonly extension: string };

/** What stands in the home, whoever put it there. */
export interface AutomationSource {
  /** Deliveries that wait for their next attempt or are under way, and those that were given up. */
  deliveries(): { readonly waiting: number; readonly dead: number };
}

export interface AutomationMetrics {
  /** A run of a schedule began; `lateMs` after it was due. Runs by hand are never late. */
  runBegan(run: Extension & { readonly lateMs: number }): void;
  /** It ended, or an occurrence was not run. */
  runEnded(
    run: Extension &
      Pick<ScheduleRun, "trigger"> & { readonly outcome: Exclude<ScheduleRun["outcome"], "running"> },
  ): void;
  published(): void;
  /** An attempt to deliver ended; `retried` is tried again, `dead` given up. */
  attempted(
    attempt: Extension & { readonly outcome: "delivered" | "retried" | "dead" | "interrupted" },
  ): void;
}

export function createAutomationMetrics(
  { registers, extensionOf }: Pick<MetricRegistry, "registers" | "extensionOf">,
  source: AutomationSource,
): AutomationMetrics {
  const runs = new Counter({
    name: "workbench_schedule_runs_total",
    help: "Occurrences of schedules by what set them off and how they ended; `skipped` ones called nothing.",
    registers,
    labelNames: ["extension", "trigger", "outcome"],
  });
  const lateness = new Histogram({
    name: "workbench_schedule_lateness_seconds",
    help: "From when a run was due to its beginning.",
    registers,
    labelNames: ["extension"],
    buckets: LATENESS_SECONDS,
  });
  const events = new Counter({
    name: "workbench_events_published_total",
    help: "Events that this process recorded.",
    registers,
  });
  const attempts = new Counter({
    name: "workbench_event_attempts_total",
    help: "Attempts to deliver an event by how they ended; `retried` are tried again, `dead` were given up.",
    registers,
    labelNames: ["extension", "outcome"],
  });
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  gauge(
    "workbench_event_deliveries_waiting",
    "Deliveries that wait for an attempt or are under way.",
    () => source.deliveries().waiting,
  );
  gauge("workbench_event_dead_letters", "Deliveries that were given up.", () => source.deliveries().dead);

  return {
    runBegan: ({ extension, lateMs }) =>
      lateness.observe({ extension: extensionOf(extension) }, lateMs / MS_PER_SECOND),
    runEnded: ({ extension, trigger, outcome }) =>
      runs.inc({ extension: extensionOf(extension), trigger, outcome }),
    published: () => events.inc(),
    attempted: ({ extension, outcome }) => attempts.inc({ extension: extensionOf(extension), outcome }),
  };
}
