import { getUser } from "alga:extension/user";
import type { HostBindings } from "../../runtime/index.js";
import { call } from "./call.ts";

export const user: HostBindings["user"] = { getUser: async () => call("user.getUser", getUser) };
