import type { InstalledExtension } from "../../core/contract/install.ts";
import { installedExtensionSchema } from "../../core/contract/install.ts";
import type { LogEvent } from "../../core/contract/log-event.ts";

/** An install as the host sends it, run through the contract's own schema. */
export function installOfTest(change: Partial<InstalledExtension> = {}): InstalledExtension {
  return installedExtensionSchema.parse({
    install_id: "install-1",
    tenant_id: "tenant-1",
    registry_id: "registry-1",
    extension_name: "com.acme.tickets",
    version_id: "version-1",
    version: "1.2.3",
    version_status: "valid",
    content_hash: `sha256:${"8f3a".repeat(16)}`,
    signed: true,
    manifest: {
      name: "com.acme.tickets",
      version: "1.2.3",
      runtime: "wasm-js@1",
      api: {
        endpoints: [
          { method: "GET", path: "/items", handler: "dist/main" },
          { method: "POST", path: "/items/:id", handler: "dist/main" },
        ],
      },
    },
    granted_capabilities: ["cap:log.emit"],
    egress_allowlist: [],
    config: {},
    limits: {},
    enabled: true,
    created_at: "2026-11-22T10:00:00.000Z",
    updated_at: "2026-11-22T10:00:00.000Z",
    ...change,
  });
}

export function logEventOfTest(message: string, change: Partial<LogEvent> = {}): LogEvent {
  return {
    ts: "2026-11-22T10:00:00.000Z",
    level: "info",
    stream: "log",
    tenant_id: "tenant-1",
    extension_id: "registry-1",
    install_id: "install-1",
    request_id: "request-1",
    version_id: "version-1",
    content_hash: `sha256:${"8f3a".repeat(16)}`,
    message,
    truncated: false,
    ...change,
  };
}
