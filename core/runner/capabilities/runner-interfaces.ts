import { clients } from "./clients.ts";
import type { HostInterfaces } from "./dispatcher.ts";
import { http } from "./http.ts";
import { invoicing } from "./invoicing.ts";
import { metrics } from "./metrics.ts";
import type { RunnerScope } from "./runner-scope.ts";
import { scheduler } from "./scheduler.ts";
import { secrets } from "./secrets.ts";
import { services } from "./services.ts";
import { storage } from "./storage.ts";
import { uiProxy } from "./ui-proxy.ts";
import type { InterfacesAnsweredBy } from "./world.ts";

/** Interfaces answered by the runner's main thread, which alone reaches the network and the host. */
export const runnerInterfaces: HostInterfaces<InterfacesAnsweredBy<"runner">, RunnerScope> = {
  secrets,
  http,
  storage,
  "ui-proxy": uiProxy,
  scheduler,
  invoicing,
  clients,
  services,
  metrics,
};
