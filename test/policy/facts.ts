import type { User } from "../../core/contract/execute.ts";
import type { InstalledExtension, Tenant } from "../../core/contract/install.ts";
import type { LimitOverrides } from "../../core/contract/limit-overrides.ts";
import { manifestSchema } from "../../core/contract/manifest.ts";
import { type LimitDefaults, type ResolvedLimits, resolveLimits } from "../../core/policy/index.ts";

/** Small figures, so that tests reach the edge of each. */
export const LIMITS: LimitDefaults = {
  timeout_ms: 5_000,
  memory_mb: 256,
  fuel: 1_000_000,
  request_body_bytes: 100,
  response_body_bytes: 100,
  header_bytes: 2_000,
  concurrency: 2,
  queue_wait_ms: 0,
  rate_per_minute: 60,
  rate_burst: 3,
  egress_bytes_per_minute: 1_000,
};

/** The limits of an install of `TENANT` that sets these, and whose tenant sets those. */
export function limitsWith(own: LimitOverrides = {}, tenant: LimitOverrides = {}): ResolvedLimits {
  return resolveLimits({
    defaults: LIMITS,
    tenant: { id: TENANT.id, limits: tenant },
    install: { id: "install-1", limits: own },
  });
}

export const TENANT: Tenant = {
  id: "tenant-1",
  name: "Tenant One",
  is_development: true,
  unsigned_policy: "refuse",
  limits: {},
};

export function user(overrides: Partial<User> = {}): User {
  return {
    tenant_id: TENANT.id,
    user_id: "user-1",
    user_email: "ada@example.com",
    user_name: "Ada",
    user_type: "internal",
    client_name: "",
    roles: ["read", "write"],
    ...overrides,
  };
}

interface ManifestParts {
  endpoints?: { method: string; path: string; handler?: string }[];
  clientPortal?: boolean;
}

export function manifest({ endpoints = [], clientPortal = false }: ManifestParts = {}) {
  return manifestSchema.parse({
    name: "com.acme.hello",
    version: "1.0.0",
    runtime: "wasm-js@1",
    api: { endpoints: endpoints.map((endpoint) => ({ handler: "dist/main.wasm", ...endpoint })) },
    ...(clientPortal
      ? { ui: { type: "iframe", entry: "ui/index.html", hooks: { clientPortalMenu: { label: "Hello" } } } }
      : {}),
  });
}

export function install(overrides: Partial<InstalledExtension> = {}): InstalledExtension {
  return {
    install_id: "install-1",
    tenant_id: TENANT.id,
    registry_id: "registry-1",
    extension_name: "com.acme.hello",
    version_id: "version-1",
    version: "1.0.0",
    version_status: "valid",
    content_hash: `sha256:${"a".repeat(64)}`,
    signed: true,
    manifest: manifest(),
    granted_capabilities: ["cap:secrets.get"],
    egress_allowlist: ["api.example.com"],
    config: { color: "blue" },
    limits: {},
    enabled: true,
    created_at: "2026-01-01T00:00:00.000Z",
    updated_at: "2026-01-01T00:00:00.000Z",
    ...overrides,
  };
}
