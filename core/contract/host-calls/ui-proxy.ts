import { z } from "zod";

/** How deep an extension may call itself within its own answers; the call from outside is not counted. */
export const MAX_CALL_DEPTH = 4;

/** Calls of the interface `ui-proxy`. Without a payload it is a GET, with one a POST. */
export const uiProxyCalls = {
  "ui_proxy.call_route": z.object({ route: z.string(), payload: z.instanceof(Uint8Array).optional() }),
} as const;
