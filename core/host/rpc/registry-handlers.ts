import type { registryProcedures } from "../../contract/rpc/registry.ts";
import type { RpcHandlers } from "../rpc.ts";
import type { WindowRegistryPort } from "./registry-ports.ts";

export function createRegistryHandlers(
  registry: WindowRegistryPort,
): Pick<RpcHandlers, keyof typeof registryProcedures> {
  return {
    "bundles.inspect": registry.inspect,
    "registry.publish": registry.publish,
    "registry.deprecate": registry.deprecate,
    "registry.reverify": registry.reverify,
    "registry.install": registry.install,
    "registry.update": registry.update,
    "registry.configure": registry.configure,
    "registry.enable": registry.setEnabled,
    "registry.details": registry.details,
    "registry.refusedEgress": registry.refusedEgress,
    "registry.forgetRefusedEgress": registry.forgetRefusedEgress,
    "registry.uninstall": registry.uninstall,
  };
}
