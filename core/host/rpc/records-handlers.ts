import type { recordsProcedures } from "../../contract/rpc/records.ts";
import type { RpcHandlers } from "../rpc.ts";
import type { HostRecords } from "./records-ports.ts";

export function createRecordsHandlers({
  har,
  views,
  retention,
}: HostRecords): Pick<RpcHandlers, keyof typeof recordsProcedures> {
  return {
    "records.har": ({ ids, kept }) => ({ har: har(ids, kept) }),
    "records.views": ({ list }) => ({ items: views.list(list) }),
    "records.save_view": ({ list, view }) => ({ items: views.save(list, view) }),
    "records.remove_view": ({ list, name }) => ({ items: views.remove(list, name) }),
    "records.retention": () => retention.policy(),
    "records.set_retention": (policy) => {
      retention.setPolicy(policy);
      return retention.policy();
    },
    "records.prune": () => retention.prune(),
  };
}
