import type { InstalledExtension, Tenant } from "../contract/install.ts";
import { type LimitDefaults, type ResolvedLimits, resolveLimits } from "../policy/index.ts";
import type { UsageLedger, WindowUsage } from "./usage-ledger.ts";

/** `quota show`: every limit with where it comes from, and what the current minute has used. */
export interface QuotaReport {
  readonly install_id: string;
  readonly tenant_id: string;
  readonly extension_name: string;
  readonly limits: ResolvedLimits;
  readonly window: { readonly start: string; readonly ends_in_ms: number };
  readonly usage: WindowUsage;
}

export function quotaReport(
  ledger: Pick<UsageLedger, "window">,
  defaults: LimitDefaults,
  tenant: Tenant,
  install: InstalledExtension,
  at: Date,
): QuotaReport {
  const { start, endsInMs, usage } = ledger.window(install.install_id, at);
  return {
    install_id: install.install_id,
    tenant_id: tenant.id,
    extension_name: install.extension_name,
    limits: resolveLimits(defaults, tenant.limits, install.limits),
    window: { start, ends_in_ms: endsInMs },
    usage,
  };
}
