import type { HostInterface } from "./dispatcher.ts";
import type { RunnerScope } from "./runner-scope.ts";

export const clients: HostInterface<"clients", RunnerScope> = {
  listClients: (scope, input) => scope.askHost("clients.list", input),
  getClient: (scope, clientId) => scope.askHost("clients.get", { clientId }),
};
