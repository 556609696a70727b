import { reproductionFileName, reproductionText } from "../../contract/reproduction.ts";
import type { reproductionProcedures } from "../../contract/rpc/reproduction.ts";
import type { RpcHandlers } from "../rpc.ts";
import type { HostReproductions } from "./reproduction-ports.ts";

export function createReproductionHandlers(
  reproductions: HostReproductions,
): Pick<RpcHandlers, keyof typeof reproductionProcedures> {
  return {
    "executions.reproduction": ({ id, kept }) => {
      const reproduction = reproductions.of(id, kept);
      return {
        file_name: reproductionFileName(reproduction),
        text: reproductionText(reproduction),
        reproduction,
      };
    },
    "reproduction.read": (source) => reproductions.read(source),
  };
}
