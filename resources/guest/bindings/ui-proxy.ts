import { callRoute as callHost } from "alga:extension/ui-proxy";
import type { HostBindings } from "../../runtime/index.js";
import { call } from "./call.ts";

const callRoute = async (route: string, payload?: Uint8Array | null) =>
  call("uiProxy.callRoute", () => callHost(route, payload ?? undefined));

export const uiProxy: HostBindings["uiProxy"] = { callRoute, call: callRoute };
