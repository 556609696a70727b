export { type QuotaReport, quotaReport } from "./report.ts";
export { createUsageLedger, type UsageLedger } from "./usage-ledger.ts";
