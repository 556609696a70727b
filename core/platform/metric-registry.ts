import { collectDefaultMetrics, Registry } from "prom-client";
import { createLabelCap } from "./label-cap.ts";

/** Extensions that are told apart; time series are kept for each. */
const MAX_EXTENSIONS = 50;
/** Upper bounds of what calls take. */
export const CALL_SECONDS = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
];
export const MS_PER_SECOND = 1_000;

/** What the metrics of every process begin with: their registry, Node's own, and how extensions are told apart. */
export interface MetricRegistry {
  readonly registers: [Registry];
  /** The label of an extension, by name or by id, whoever makes them up. */
  extensionOf(extension: string): string;
  readonly contentType: string;
  expose(): Promise<string>;
}

export function createMetricRegistry(): MetricRegistry {
  const registry = new Registry();
  // Among them the lag of the event loop, memory, handles and garbage collection.
  collectDefaultMetrics({ register: registry });
  return {
    registers: [registry],
    extensionOf: createLabelCap(MAX_EXTENSIONS),
    contentType: registry.contentType,
    expose: () => registry.metrics(),
  };
}
