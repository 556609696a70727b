import type { HostInterface } from "./dispatcher.ts";
import type { GuestScope } from "./guest-scope.ts";
import { HostTrap } from "./host-outcome.ts";

/** Lines are capped in number and length by the sink behind `scope.log`, together with stdout and stderr. */
export const logging: HostInterface<"logging", GuestScope> = {
  logInfo: (scope, message) => scope.log("info", textOf(message)),
  logWarn: (scope, message) => scope.log("warn", textOf(message)),
  logError: (scope, message) => scope.log("error", textOf(message)),
};

/** A component declares for itself what it hands over, and a list made into text is several times as long. */
function textOf(message: unknown): string {
  if (typeof message === "string") return message;
  throw new HostTrap("bad_handler", "the extension logs something that is no text");
}
