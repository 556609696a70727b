export { type AnsweredCall, createHostMetrics, type HostMetrics } from "./host-metrics.ts";
