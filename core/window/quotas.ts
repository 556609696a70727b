import type { HostPorts } from "../host/index.ts";
import type { Quotas } from "../wiring/quotas.ts";

/** Quotas as the window sees them. */
export function createWindowQuotas(quotas: Quotas): HostPorts["quotas"] {
  return {
    install: ({ tenant_id, ref }) => quotas.install(tenant_id, ref),
    tenant: ({ tenant_id }) => quotas.tenant(tenant_id),
    set({ tenant_id, ...change }) {
      quotas.set({ tenantId: tenant_id, ...change });
      return {};
    },
    profiles: () => ({ profiles: quotas.profiles.list() }),
    saveProfile({ name, limits }) {
      quotas.profiles.saveProfile(name, limits);
      return {};
    },
    deleteProfile({ name }) {
      quotas.profiles.deleteProfile(name);
      return {};
    },
    headroom: ({ execution_id }) => quotas.headroom(execution_id),
    usage: (filter, range, signal) => quotas.feed.follow(filter, range, signal),
  };
}
