import { getContext } from "alga:extension/context";
import type { HostBindings } from "../../runtime/index.js";
import { call } from "./call.ts";

export const context: HostBindings["context"] = { get: async () => call("context.get", getContext) };
