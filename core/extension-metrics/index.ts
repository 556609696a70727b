export { createMetricBook, type MetricBook } from "./metric-book.ts";
export { createMetricsAnswers } from "./metrics-answers.ts";
