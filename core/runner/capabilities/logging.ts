import type { HostInterface } from "./dispatcher.ts";
import type { GuestScope } from "./guest-scope.ts";

/** Lines are capped in number and length by the sink behind `scope.log`, together with stdout and stderr. */
export const logging: HostInterface<"logging", GuestScope> = {
  logInfo: (scope, message) => scope.log("info", String(message)),
  logWarn: (scope, message) => scope.log("warn", String(message)),
  logError: (scope, message) => scope.log("error", String(message)),
};
