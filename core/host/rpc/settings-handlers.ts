import type { settingsProcedures } from "../../contract/rpc/settings.ts";
import type { RpcHandlers } from "../rpc.ts";
import type { SettingsPort } from "./settings-ports.ts";

export function createSettingsHandlers(
  settings: SettingsPort,
): Pick<RpcHandlers, keyof typeof settingsProcedures> {
  return {
    "settings.get": () => settings.read(),
    "settings.doctor": async () => ({ checks: await settings.examine() }),
    async "settings.unsigned_policy"({ tenant_id, policy }) {
      await settings.setUnsignedPolicy(tenant_id, policy);
      return { tenant_id, policy };
    },
    "settings.local_uploads"({ key_id }) {
      settings.setLocalUploadKey(key_id);
      return { key_id };
    },
  };
}
