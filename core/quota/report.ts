import type { InstalledExtension, Tenant } from "../contract/install.ts";
import { CALL_LIMITS, WINDOW_PERIODS } from "../contract/limit-catalogue.ts";
import type { InstallQuota, TenantQuota } from "../contract/rpc/quotas.ts";
import type { LimitScope, ResolvedLimit, ResolvedLimits } from "../policy/index.ts";
import type { QuotaSettings } from "./quota-settings.ts";
import type { UsageLedger } from "./usage-ledger.ts";

interface Sources {
  readonly ledger: Pick<UsageLedger, "window">;
  readonly settings: Pick<QuotaSettings, "limitsFor" | "profileName" | "shared">;
}

/** `quota show EXT`: every limit in force with where it comes from, and what the current windows have used. */
export function installQuota(
  { ledger, settings }: Sources,
  tenant: Tenant,
  install: InstalledExtension,
  at: Date,
): InstallQuota {
  const { install_id, registry_id, extension_name } = install;
  const windows = windowsOf(ledger, "install", install_id, at);
  const minute = ledger.window({ scope: "install", id: install_id }, "minute", at);
  return {
    install_id,
    tenant_id: tenant.id,
    registry_id,
    extension_name,
    limits: limitsByName(settings.limitsFor(tenant, install)),
    own: install.limits,
    ...optional("profile", settings.profileName("install", install_id)),
    ...optional("tenant_profile", settings.profileName("tenant", tenant.id)),
    window: { start: minute.start, ends_in_ms: minute.endsInMs },
    usage: { ...minute.usage },
    windows,
    shared: [
      sharedOf({ ledger, settings }, "extension", registry_id, at),
      sharedOf({ ledger, settings }, "tenant", tenant.id, at),
    ],
  };
}

/** `quota show`: what a tenant sets, what it shares, and each of its installs. */
export function tenantQuota(
  sources: Sources,
  tenant: Tenant,
  installs: readonly InstalledExtension[],
  at: Date,
): TenantQuota {
  return {
    tenant_id: tenant.id,
    name: tenant.name,
    own: tenant.limits,
    ...optional("profile", sources.settings.profileName("tenant", tenant.id)),
    shared: sharedOf(sources, "tenant", tenant.id, at),
    installs: installs.map((install) => installQuota(sources, tenant, install, at)),
  };
}

function limitsByName(limits: ResolvedLimits): Record<string, ResolvedLimit> {
  const windows = limits.scopes.find(({ scope }) => scope === "install")?.windows ?? [];
  return Object.fromEntries([
    ...CALL_LIMITS.map(({ name }) => [name, limits[name]]),
    ...windows.map(({ name, value, source }) => [name, { value, source }]),
  ]);
}

function sharedOf(
  { ledger, settings }: Sources,
  scope: "extension" | "tenant",
  id: string,
  at: Date,
): InstallQuota["shared"][number] {
  return { scope, id, limits: settings.shared(scope, id), windows: windowsOf(ledger, scope, id, at) };
}

function windowsOf(
  ledger: Sources["ledger"],
  scope: LimitScope,
  id: string,
  at: Date,
): InstallQuota["windows"] {
  return WINDOW_PERIODS.map((period) => {
    const { start, endsInMs, usage } = ledger.window({ scope, id }, period, at);
    return { period, start, ends_in_ms: endsInMs, usage: { ...usage } };
  });
}

function optional<Name extends string>(name: Name, value: string | undefined): Partial<Record<Name, string>> {
  // The computed key is the name itself, which the compiler widens to any text.
  return value === undefined ? {} : ({ [name]: value } as Record<Name, string>);
}
