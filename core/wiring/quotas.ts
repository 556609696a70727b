import { setTimeout as pause } from "node:timers/promises";
import { WorkbenchError } from "../contract/errors.ts";
import type { InstalledExtension, Tenant } from "../contract/install.ts";
import type { LimitOverrides } from "../contract/limit-overrides.ts";
import type { ExecutionHeadroom, InstallQuota, TenantQuota } from "../contract/rpc/quotas.ts";
import type { ExecutionLog } from "../logs/index.ts";
import type { Clock } from "../platform/clock.ts";
import type { Logger } from "../platform/logger.ts";
import type { LimitDefaults } from "../policy/index.ts";
import {
  createLiveUsage,
  createMinutePoints,
  createQuotaSettings,
  createUsageBook,
  createUsageFeed,
  createUsageLedger,
  executionHeadroom,
  installQuota,
  type QuotaSettings,
  tenantQuota,
  type UsageFeed,
} from "../quota/index.ts";
import { type Registry, RegistryError } from "../registry/index.ts";
import type { Database } from "../store/index.ts";
import type { Tenants } from "../tenants/index.ts";

const PRUNE_EVERY_MS = 6 * 3_600_000;

/** Figures by name of the limit; `null` removes one. */
export type LimitChanges = Readonly<Record<string, number | null>>;

export interface QuotaChange {
  readonly tenantId: string;
  /** Absent: the tenant itself. */
  readonly ref?: string | undefined;
  readonly limits?: LimitChanges | undefined;
  /** Over all installs of the tenant; with `ref`, of the extension. */
  readonly shared?: LimitChanges | undefined;
  /** `null`: none. */
  readonly profile?: string | null | undefined;
  /** Forgets every figure and the profile first. */
  readonly reset?: boolean | undefined;
  /** Forgets every shared figure first, and nothing else. */
  readonly resetShared?: boolean | undefined;
}

/** Limits, profiles and usage of a workbench: what the gateway asks, the window draws and the command line edits. */
export interface Quotas {
  readonly profiles: Pick<QuotaSettings, "list" | "require" | "saveProfile" | "deleteProfile">;
  readonly feed: UsageFeed;
  readonly limitsFor: QuotaSettings["limitsFor"];
  readonly book: ReturnType<typeof createUsageBook>;
  /** Errors: `not_installed`. */
  install(tenantId: string, ref: string): InstallQuota;
  /** Errors: `tenant_not_found`. */
  tenant(tenantId: string): TenantQuota;
  /** All of it or nothing. Errors: those of what is changed. */
  set(change: QuotaChange): void;
  /** Errors: `execution_not_found`. */
  headroom(executionId: string): ExecutionHeadroom;
  /** Removes old windows now and, while the process lives, every few hours; the answer stops. */
  keepPruned(): () => void;
  /** Writes what is not written yet; to be called before the database is closed. */
  close(): void;
}

export interface QuotasOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly tenants: Pick<Tenants, "get" | "require" | "setLimits">;
  readonly registry: Pick<Registry, "resolveInstall" | "listInstalls" | "configure">;
  readonly executions: Pick<ExecutionLog, "find">;
  readonly defaults: LimitDefaults;
}

export function createQuotas(options: QuotasOptions): Quotas {
  const { database, clock, logger, tenants, registry, executions, defaults } = options;
  const ledger = createUsageLedger({
    database,
    onError: (err) => logger.error({ err }, "usage could not be recorded"),
  });
  const live = createLiveUsage({ clock });
  const settings = createQuotaSettings({ database, clock, defaults });
  const sources = { ledger, settings };

  function found(tenantId: string, ref: string): { tenant: Tenant; install: InstalledExtension } {
    const tenant = tenants.get(tenantId);
    const install = registry.resolveInstall(tenantId, ref);
    if (tenant && install) return { tenant, install };
    throw new RegistryError({
      code: "not_installed",
      message: `${JSON.stringify(ref.slice(0, 128))} is not installed for this tenant.`,
    });
  }

  const set = database.transaction((change: QuotaChange): void => {
    const { tenantId, ref, limits, shared, profile, reset = false, resetShared = false } = change;
    const tenant = tenants.require(tenantId);
    const install = ref === undefined ? undefined : found(tenantId, ref).install;
    const holder = install
      ? { scope: "install" as const, id: install.install_id }
      : { scope: "tenant" as const, id: tenantId };
    const sharer = install
      ? { scope: "extension" as const, id: install.registry_id }
      : { scope: "tenant" as const, id: tenantId };
    const share = (figures: LimitOverrides) => settings.setShared(sharer.scope, sharer.id, figures);
    // Every figure of this target: what an extension shares is shared with other tenants and stays until it is named.
    if (resetShared || (reset && install === undefined)) share({});
    if (shared) share(changed(settings.shared(sharer.scope, sharer.id), shared));
    if (profile !== undefined || reset) settings.assign(holder.scope, holder.id, profile ?? null);
    if (limits === undefined && !reset) return;
    const current = reset ? {} : (install ?? tenant).limits;
    const next = changed(current, limits ?? {});
    if (install) registry.configure({ ref: install.install_id, tenantId, limits: next });
    else tenants.setLimits(tenantId, next);
  });

  return {
    profiles: settings,
    feed: createUsageFeed({
      live,
      minutes: createMinutePoints({ database, ledger }),
      clock,
      pause: (ms, signal) => pause(ms, undefined, { signal }),
    }),
    limitsFor: settings.limitsFor,
    book: createUsageBook(live, ledger),
    install(tenantId, ref) {
      const { tenant, install } = found(tenantId, ref);
      return installQuota(sources, tenant, install, clock.now());
    },
    tenant: (tenantId) =>
      tenantQuota(sources, tenants.require(tenantId), registry.listInstalls(tenantId), clock.now()),
    set: (change) => set.immediate(change),
    headroom(executionId) {
      const execution = executions.find(executionId);
      if (execution === undefined) {
        throw new WorkbenchError({
          code: "execution_not_found",
          message: "There is no execution with that id or request id.",
        });
      }
      const tenant = tenants.get(execution.tenant_id);
      const install = tenant && registry.resolveInstall(tenant.id, execution.install_id);
      return executionHeadroom(sources, execution, tenant && install ? { tenant, install } : undefined);
    },
    close: ledger.flush,
    keepPruned() {
      ledger.prune(clock.now());
      const timer = setInterval(() => ledger.prune(clock.now()), PRUNE_EVERY_MS);
      timer.unref();
      return () => clearInterval(timer);
    },
  };
}

/** The names are judged by the schema of whoever stores them. */
function changed(current: LimitOverrides, changes: LimitChanges): LimitOverrides {
  const kept = Object.entries({ ...current, ...changes }).filter(([, value]) => value !== null);
  return Object.fromEntries(kept);
}
