import type { InstalledExtension } from "../../../core/contract/install.ts";
import type { RpcSubscriptionInput } from "../../../core/contract/rpc.ts";

/** Whose usage and limits are looked at. */
export type QuotaTarget =
  | { readonly kind: "tenant"; readonly tenantId: string; readonly name: string }
  | {
      readonly kind: "install";
      readonly tenantId: string;
      readonly installId: string;
      readonly extension: string;
      readonly name: string;
    }
  | {
      /** Over all tenants; asked for and edited through one of its installs. */
      readonly kind: "extension";
      readonly tenantId: string;
      readonly registryId: string;
      readonly extension: string;
      readonly name: string;
    };

interface TenantName {
  readonly id: string;
  readonly name: string;
}

/** Installs first: they are what limits are mostly set for. An extension that one tenant has is its install. */
export function quotaTargets(
  installs: readonly InstalledExtension[],
  tenants: readonly TenantName[],
): QuotaTarget[] {
  const nameOf = new Map(tenants.map(({ id, name }) => [id, name]));
  const several = tenants.length > 1;
  const extensions = new Map(installs.map((install) => [install.registry_id, install]));
  return [
    ...installs.map(({ tenant_id, install_id, extension_name }) => ({
      kind: "install" as const,
      tenantId: tenant_id,
      installId: install_id,
      extension: extension_name,
      name: several ? `${extension_name} of ${nameOf.get(tenant_id) ?? tenant_id}` : extension_name,
    })),
    ...tenants.map(({ id, name }) => ({ kind: "tenant" as const, tenantId: id, name })),
    ...(several ? [...extensions.values()] : []).map(({ tenant_id, registry_id, extension_name }) => ({
      kind: "extension" as const,
      tenantId: tenant_id,
      registryId: registry_id,
      extension: extension_name,
      name: extension_name,
    })),
  ];
}

/** Whether the install's calls count for the target. */
export function isTargeted(target: QuotaTarget, install: InstalledExtension): boolean {
  switch (target.kind) {
    case "tenant":
      return install.tenant_id === target.tenantId;
    case "install":
      return install.install_id === target.installId;
    case "extension":
      return install.registry_id === target.registryId;
  }
}

export function targetKey(target: QuotaTarget): string {
  switch (target.kind) {
    case "tenant":
      return `tenant:${target.tenantId}`;
    case "install":
      return `install:${target.installId}`;
    case "extension":
      return `extension:${target.registryId}`;
  }
}

/** What the host is to send of it. */
export function usageFilter(target: QuotaTarget): Omit<RpcSubscriptionInput<"quotas.usage">, "range"> {
  switch (target.kind) {
    case "tenant":
      return { tenant_id: target.tenantId };
    case "install":
      return { install_id: target.installId };
    case "extension":
      return { registry_id: target.registryId };
  }
}

/** What the host knows the extension by; a tenant has none. */
export function refOf(target: QuotaTarget): string | undefined {
  if (target.kind === "tenant") return undefined;
  return target.kind === "install" ? target.installId : target.registryId;
}
