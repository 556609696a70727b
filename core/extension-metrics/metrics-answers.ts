import type { metricsCalls } from "../contract/host-calls/metrics.ts";
import type { HostAnswers } from "../platform/host-answers.ts";
import type { MetricBook } from "./metric-book.ts";

/** The interface `metrics`. Says once an execution why samples are dropped: a flood of them is one mistake. */
export function createMetricsAnswers(book: MetricBook): HostAnswers<typeof metricsCalls> {
  // By the execution's own signal, so that what was said goes with the execution.
  const said = new WeakMap<AbortSignal, Set<string>>();
  return {
    "metrics.record": ({ install_id, signal }, sample) => {
      const fault = book.record(install_id, sample);
      if (fault === undefined) return undefined;
      const known = said.get(signal) ?? new Set();
      said.set(signal, known);
      if (known.has(fault)) return undefined;
      known.add(fault);
      return fault;
    },
  };
}
