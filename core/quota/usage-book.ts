import type { LiveUsage } from "./live-usage.ts";
import type { EndedCall, UsageLedger } from "./usage-ledger.ts";
import type { UsageOwner } from "./usage-rows.ts";

/** Where the gateway writes what calls use: the seconds that are drawn and the windows that are judged. */
export interface UsageBook extends Pick<UsageLedger, "record" | "refused" | "window"> {
  began(install: UsageOwner): void;
}

export function createUsageBook(live: LiveUsage, ledger: UsageLedger): UsageBook {
  return {
    began: (install) => live.began(install),
    record(call: EndedCall) {
      live.ended(call);
      ledger.record(call);
    },
    refused(install, at) {
      live.refused(install);
      ledger.refused(install, at);
    },
    window: (of, period, at) => ledger.window(of, period, at),
  };
}
