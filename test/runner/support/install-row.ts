import type { Database } from "../../../core/store/index.ts";

/** The rows that an install needs below it, without the registry: a suite of the runner wants only the key. */
export function insertInstall(database: Database, installId: string, tenantId: string): void {
  const at = "2026-01-01T00:00:00.000Z";
  const insert = (table: string, row: Record<string, string>) => {
    const columns = Object.keys(row);
    database
      .prepare(
        `INSERT OR IGNORE INTO ${table} (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})`,
      )
      .run(...Object.values(row));
  };
  insert("tenant", { id: tenantId, name: tenantId, created_at: at });
  insert("extension_registry", { id: "registry", name: "com.acme.hello", publisher: "Acme", created_at: at });
  insert("extension_bundle", { content_hash: "hash", size: "1", created_at: at });
  insert("extension_version", {
    id: "version",
    registry_id: "registry",
    version: "1.0.0",
    content_hash: "hash",
    manifest: "{}",
    verification: "{}",
    published_by: tenantId,
    created_at: at,
  });
  insert("tenant_extension_install", {
    id: installId,
    tenant_id: tenantId,
    registry_id: "registry",
    version_id: "version",
    granted_capabilities: "[]",
    created_at: at,
    updated_at: at,
  });
}
