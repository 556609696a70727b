import type { fixturesProcedures } from "../../contract/rpc/fixtures.ts";
import type { RpcHandlers } from "../rpc.ts";
import type { FixturesPort } from "./fixtures-ports.ts";

export function createFixturesHandlers(
  fixtures: FixturesPort,
): Pick<RpcHandlers, keyof typeof fixturesProcedures> {
  return {
    "fixtures.get": fixtures.read,
    "fixtures.set": fixtures.write,
    "fixtures.reset": fixtures.reset,
    "fixtures.try_route": fixtures.tryRoute,
    "invoices.list": fixtures.invoices,
    "invoices.clear": fixtures.clearInvoices,
    "extension_metrics.list": fixtures.metrics,
  };
}
