import { z } from "zod";

const metricSampleSchema = z.object({
  name: z.string(),
  kind: z.enum(["counter", "gauge", "histogram"]),
  value: z.custom<number>((value) => typeof value === "number"),
  labels: z.array(z.tuple([z.string(), z.string()])),
});
export type MetricSample = z.infer<typeof metricSampleSchema>;

/** Calls of the interface `metrics`. Answered with why the sample was dropped, when that is worth a line in the log. */
export const metricsCalls = { "metrics.record": metricSampleSchema } as const;
