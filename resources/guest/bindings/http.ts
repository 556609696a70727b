import { fetch } from "alga:extension/http";
import type { HostBindings } from "../../runtime/index.js";
import { call } from "./call.ts";

export const http: HostBindings["http"] = {
  fetch: async ({ method, url, headers, body }) =>
    call("http.fetch", () => fetch({ method, url, headers: headers ?? [], body: body ?? undefined })),
};
