import type { previewProcedures, previewSubscriptions } from "../../contract/rpc/preview.ts";
import type { RpcHandlers, RpcSources } from "../rpc.ts";
import type { HostPreviews } from "./preview-ports.ts";

export function createPreviewHandlers(
  previews: HostPreviews,
): Pick<RpcHandlers, keyof typeof previewProcedures> {
  return {
    "preview.open": ({ install, tenant_id, persona, hook, parent_origin }) =>
      previews.open({ install, tenantId: tenant_id, persona, hook, parentOrigin: parent_origin }),
    "preview.renew": ({ token }) => previews.renew(token),
    "preview.proxy": async ({ token, route, method, body_b64 }, { signal }) => {
      const { headers, body, ...answer } = await previews.proxy({
        token,
        route,
        method,
        body: body_b64 === undefined ? undefined : Buffer.from(body_b64, "base64"),
        signal,
      });
      const type = headers.find(({ name }) => name.toLowerCase() === "content-type")?.value;
      return {
        ...answer,
        body_b64: Buffer.from(body).toString("base64"),
        ...(type === undefined ? {} : { content_type: type }),
      };
    },
    "preview.close": ({ token }) => {
      previews.close(token);
      return {};
    },
  };
}

export function createPreviewSources(
  previews: HostPreviews,
): Pick<RpcSources, keyof typeof previewSubscriptions> {
  return {
    "preview.violations": ({ token }, { after, signal }) => previews.violations(token, after, signal),
  };
}
