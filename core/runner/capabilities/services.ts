import type { HostInterface } from "./dispatcher.ts";
import type { RunnerScope } from "./runner-scope.ts";

export const services: HostInterface<"services", RunnerScope> = {
  listServices: (scope, input) => scope.askHost("services.list", input),
  getService: (scope, serviceId) => scope.askHost("services.get", { serviceId }),
};
