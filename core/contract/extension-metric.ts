import { z } from "zod";

/** Upper bounds of a histogram's buckets, both for seconds and for milliseconds; one more bucket takes the rest. */
export const HISTOGRAM_BOUNDS = [
  0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000,
] as const;

/** One metric of one install under one set of labels, as `metrics.record` has made it so far. */
export const extensionMetricSchema = z.object({
  install_id: z.string(),
  extension_name: z.string(),
  name: z.string(),
  kind: z.enum(["counter", "gauge", "histogram"]),
  labels: z.record(z.string(), z.string()),
  /** Sum of a counter, last value of a gauge, mean of a histogram. */
  value: z.number(),
  samples: z.int(),
  minimum: z.number(),
  maximum: z.number(),
  /** Of a histogram: samples in each bucket of `HISTOGRAM_BOUNDS`, then those above. */
  buckets: z.array(z.int()).optional(),
  updated_at: z.string(),
});
export type ExtensionMetric = z.infer<typeof extensionMetricSchema>;
