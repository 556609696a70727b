import type { HostInterface } from "./dispatcher.ts";
import type { GuestScope } from "./guest-scope.ts";

export const context: HostInterface<"context", GuestScope> = {
  getContext: (scope) => contextData(scope.context),
};

/** `context-data`, also part of the request that the handler gets. */
export function contextData(data: GuestScope["context"]) {
  return {
    requestId: data.request_id,
    tenantId: data.tenant_id,
    extensionId: data.extension_id,
    installId: data.install_id,
    versionId: data.version_id,
  };
}
