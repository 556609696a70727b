import { get, listKeys } from "alga:extension/secrets";
import type { HostBindings } from "../../runtime/index.js";
import { call } from "./call.ts";

export const secrets: HostBindings["secrets"] = {
  get: async (key) => call("secrets.get", () => get(key)),
  list: async () => call("secrets.list", listKeys),
};
