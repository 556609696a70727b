export { executionHeadroom } from "./execution-headroom.ts";
export { createLiveUsage, type LiveUsage } from "./live-usage.ts";
export { createMinutePoints } from "./minute-points.ts";
export { createQuotaSettings, type QuotaSettings } from "./quota-settings.ts";
export { installQuota, tenantQuota } from "./report.ts";
export { createUsageBook } from "./usage-book.ts";
export { createUsageFeed, type UsageFeed } from "./usage-feed.ts";
export { createUsageLedger, type UsageLedger } from "./usage-ledger.ts";
