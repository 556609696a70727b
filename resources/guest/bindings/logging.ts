import { logError, logInfo, logWarn } from "alga:extension/logging";
import type { HostBindings } from "../../runtime/index.js";

export const logging: HostBindings["logging"] = {
  info: async (message) => logInfo(String(message)),
  warn: async (message) => logWarn(String(message)),
  error: async (message) => logError(String(message)),
};
