import type { ExecutionStart } from "../../core/contract/execution-record.ts";

/** What is known of a call before it is dispatched; its request has the id `request-<id>`. */
export function executionStart(id: string, overrides: Partial<ExecutionStart> = {}): ExecutionStart {
  return {
    id,
    request_id: `request-${id}`,
    tenant_id: "t1",
    extension_id: "r1",
    extension_name: "com.acme.hello",
    version_id: "v1",
    install_id: "i1",
    content_hash: "sha256:0",
    method: "GET",
    path: "/items",
    ...overrides,
  };
}
