import type { executionsProcedures } from "../../contract/rpc/executions.ts";
import { HostError } from "../errors.ts";
import type { HostPorts } from "../ports.ts";
import type { RpcHandlers } from "../rpc.ts";

export function createExecutionsHandlers({
  executions,
  recordings,
}: Pick<HostPorts, "executions" | "recordings">): Pick<RpcHandlers, keyof typeof executionsProcedures> {
  return {
    "executions.detail": ({ id }) => {
      const execution = executions.find(id);
      if (execution === undefined)
        throw new HostError({ code: "execution_not_found", message: "There is no such execution." });
      return recordings.detail(execution);
    },
    "executions.replay": ({ id, version }, { signal }) => recordings.replay(id, { version, signal }),
  };
}
