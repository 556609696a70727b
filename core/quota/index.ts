export { type QuotaReport, quotaReport } from "./report.ts";
export { createUsageLedger, type UsageLedger, WINDOW_MS, type WindowUsage } from "./usage-ledger.ts";
