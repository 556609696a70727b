import type { quotasProcedures, quotasSubscriptions } from "../../contract/rpc/quotas.ts";
import type { RpcHandlers, RpcSources } from "../rpc.ts";
import type { QuotasPort } from "./quotas-ports.ts";

export function createQuotasHandlers(quotas: QuotasPort): Pick<RpcHandlers, keyof typeof quotasProcedures> {
  return {
    "quotas.install": quotas.install,
    "quotas.tenant": quotas.tenant,
    "quotas.set": quotas.set,
    "quotas.profiles": quotas.profiles,
    "quotas.save_profile": quotas.saveProfile,
    "quotas.delete_profile": quotas.deleteProfile,
    "quotas.headroom": quotas.headroom,
  };
}

export function createQuotasSources(quotas: QuotasPort): Pick<RpcSources, keyof typeof quotasSubscriptions> {
  return { "quotas.usage": ({ range, ...filter }, { signal }) => quotas.usage(filter, range, signal) };
}
