import { z } from "zod";
import { type Capability, capabilitySchema } from "../contract/capability.ts";
import { type ContentHash, contentHashSchema } from "../contract/content-hash.ts";
import type { InstalledExtension } from "../contract/install.ts";
import { limitOverridesSchema } from "../contract/limit-overrides.ts";
import type { Manifest } from "../contract/manifest.ts";
import { type VerificationCode, verificationCodeSchema } from "../contract/verification.ts";
import type { Database, PrepareWrite } from "../store/index.ts";
import type { EventSubscription, KeyedChanges, UninstallResult, VersionStatus } from "./shapes.ts";

interface InstallRow {
  install_id: string;
  tenant_id: string;
  registry_id: string;
  extension_name: string;
  version_id: string;
  version: string;
  version_status: VersionStatus;
  version_invalid_code: string | null;
  install_invalid_code: string | null;
  content_hash: string;
  signed: 0 | 1;
  has_component: 0 | 1 | null;
  granted_capabilities: string;
  egress_allowlist: string;
  limits: string;
  config: string;
  enabled: 0 | 1;
  created_at: string;
  updated_at: string;
}

export interface InstallRecord {
  readonly id: string;
  readonly versionId: string;
  readonly grants: readonly Capability[];
  readonly egress: readonly string[];
  readonly limits: InstalledExtension["limits"];
  readonly updatedAt: string;
}

const INSTALL_COLUMNS = `
  SELECT i.id AS install_id, i.tenant_id, i.registry_id, r.name AS extension_name, v.id AS version_id, v.version,
    v.status AS version_status, v.invalid_code AS version_invalid_code, i.invalid_code AS install_invalid_code,
    v.content_hash, b.signature IS NOT NULL AS signed, b.has_component, i.granted_capabilities, i.egress_allowlist, i.limits,
    (SELECT json_group_object(c.key, c.value) FROM tenant_extension_install_config c WHERE c.install_id = i.id) AS config,
    i.enabled, i.created_at, i.updated_at
  FROM tenant_extension_install i
  JOIN extension_registry r ON r.id = i.registry_id
  JOIN extension_version v ON v.id = i.version_id
  JOIN extension_bundle b ON b.content_hash = v.content_hash`;

const OWNED_TABLES = {
  config: "tenant_extension_install_config",
  secrets: "tenant_extension_install_secrets",
  storage: "extension_storage",
  schedules: "extension_schedule",
  subscriptions: "extension_event_subscription",
} as const;

const grantsSchema = z.array(capabilitySchema);
const egressSchema = z.array(z.string());
const configSchema = z.record(z.string(), z.string());

export interface InstallContext {
  manifestOf(versionId: string): Manifest;
  /** Whether the tenant runs unsigned bundles now; asked at every read, because the policy may be withdrawn. */
  allowsUnsigned(tenantId: string): boolean;
}

/** Owns `tenant_extension_install`, its config and its subscriptions. Synchronous, joins the caller's transaction. */
export type Installs = ReturnType<typeof createInstalls>;

export function createInstalls(database: Database, prepareWrite: PrepareWrite, context: InstallContext) {
  const sql = {
    byId: database.prepare<[string, string], InstallRow>(
      `${INSTALL_COLUMNS} WHERE i.tenant_id = ? AND i.id = ?`,
    ),
    byRegistryId: database.prepare<[string, string], InstallRow>(
      `${INSTALL_COLUMNS} WHERE i.tenant_id = ? AND i.registry_id = ?`,
    ),
    byName: database.prepare<[string, string], InstallRow>(
      `${INSTALL_COLUMNS} WHERE i.tenant_id = ? AND i.registry_id = (SELECT id FROM extension_registry WHERE name = ?)`,
    ),
    ofTenant: database.prepare<[string], InstallRow>(
      `${INSTALL_COLUMNS} WHERE i.tenant_id = ? ORDER BY r.name`,
    ),
    all: database.prepare<[], InstallRow>(`${INSTALL_COLUMNS} ORDER BY r.name, i.created_at`),
    ofReference: database.prepare<[{ ref: string }], InstallRow>(
      `${INSTALL_COLUMNS} WHERE i.registry_id IN (SELECT id FROM extension_registry WHERE id = @ref OR name = @ref)
       UNION ${INSTALL_COLUMNS} WHERE i.id = @ref`,
    ),
    tenantsOfVersion: database.prepare<[string], { tenant_id: string }>(
      "SELECT DISTINCT tenant_id FROM tenant_extension_install WHERE version_id = ?",
    ),
    add: prepareWrite(
      "INSERT INTO tenant_extension_install (id, tenant_id, registry_id, version_id, granted_capabilities, egress_allowlist, limits, created_at, updated_at) VALUES (@id, @tenantId, @registryId, @versionId, @grants, @egress, @limits, @updatedAt, @updatedAt)",
    ),
    save: prepareWrite(
      "UPDATE tenant_extension_install SET version_id = @versionId, granted_capabilities = @grants, egress_allowlist = @egress, limits = @limits, updated_at = @updatedAt WHERE id = @id",
    ),
    enable: prepareWrite("UPDATE tenant_extension_install SET enabled = ?, updated_at = ? WHERE id = ?"),
    judge: prepareWrite(
      "UPDATE tenant_extension_install SET invalid_code = @code WHERE version_id = @versionId AND tenant_id = @tenantId",
    ),
    remove: prepareWrite("DELETE FROM tenant_extension_install WHERE id = ?"),
    setConfig: prepareWrite(
      "INSERT INTO tenant_extension_install_config (install_id, key, value) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
    ),
    unsetConfig: prepareWrite("DELETE FROM tenant_extension_install_config WHERE install_id = ? AND key = ?"),
    subscriptions: database.prepare<[string], EventSubscription>(
      "SELECT topic, handler FROM extension_event_subscription WHERE install_id = ? ORDER BY topic, handler",
    ),
    subscribers: database.prepare<[string, string], { install_id: string; handler: string }>(
      `SELECT s.install_id, s.handler FROM extension_event_subscription s
       JOIN tenant_extension_install i ON i.id = s.install_id
       WHERE s.topic = ? AND i.tenant_id = ? AND i.enabled = 1 ORDER BY i.created_at, s.install_id, s.handler`,
    ),
    unsubscribe: prepareWrite("DELETE FROM extension_event_subscription WHERE install_id = ?"),
    subscribe: prepareWrite(
      "INSERT OR IGNORE INTO extension_event_subscription (id, install_id, topic, handler) VALUES (?, ?, ?, ?)",
    ),
    owned: Object.entries(OWNED_TABLES).map(
      ([name, table]) =>
        [
          name,
          database.prepare<[string], { count: number }>(
            `SELECT COUNT(*) AS count FROM ${table} WHERE install_id = ?`,
          ),
        ] as const,
    ),
  };

  function toInstall(row: InstallRow): InstalledExtension {
    return {
      install_id: row.install_id,
      tenant_id: row.tenant_id,
      registry_id: row.registry_id,
      extension_name: row.extension_name,
      version_id: row.version_id,
      version: row.version,
      ...verdict(row, context.allowsUnsigned),
      content_hash: contentHashSchema.parse(row.content_hash),
      signed: row.signed === 1,
      ...(row.has_component === null ? {} : { has_handler: row.has_component === 1 }),
      manifest: context.manifestOf(row.version_id),
      granted_capabilities: grantsSchema.parse(JSON.parse(row.granted_capabilities)),
      egress_allowlist: egressSchema.parse(JSON.parse(row.egress_allowlist)),
      config: configSchema.parse(JSON.parse(row.config)),
      limits: limitOverridesSchema.parse(JSON.parse(row.limits)),
      enabled: row.enabled === 1,
      created_at: row.created_at,
      updated_at: row.updated_at,
    };
  }

  /** What goes with the install, in rows. */
  function holdings(id: string): UninstallResult["removed"] {
    const held = { config: 0, secrets: 0, storage: 0, schedules: 0, subscriptions: 0 };
    for (const [name, count] of sql.owned) {
      Object.assign(held, { [name]: count.get(id)?.count ?? 0 });
    }
    return held;
  }

  return {
    /** The tenant's install by install id, registry id or name. Names hold a dot, ids do not. */
    find(tenantId: string, ref: string): InstalledExtension | undefined {
      const row = ref.includes(".")
        ? sql.byName.get(tenantId, ref)
        : (sql.byRegistryId.get(tenantId, ref) ?? sql.byId.get(tenantId, ref));
      return row && toInstall(row);
    },

    /** Over all tenants: every install of the extension, or the one install with that id. */
    ofReference: (ref: string) => sql.ofReference.all({ ref }).map(toInstall),

    list: (tenantId?: string) =>
      (tenantId === undefined ? sql.all.all() : sql.ofTenant.all(tenantId)).map(toInstall),

    tenantsOfVersion: (versionId: string) => sql.tenantsOfVersion.all(versionId).map((row) => row.tenant_id),

    add(record: InstallRecord & { tenantId: string; registryId: string }): void {
      sql.add.run({ tenantId: record.tenantId, registryId: record.registryId, ...columnsOf(record) });
    },

    save: (record: InstallRecord) => sql.save.run(columnsOf(record)),

    setEnabled: (id: string, enabled: boolean, at: string) => sql.enable.run(enabled ? 1 : 0, at, id),

    /** Records, or with `undefined` lifts, that the version fails for this tenant. */
    judge(versionId: string, tenantId: string, code: VerificationCode | undefined): void {
      sql.judge.run({ versionId, tenantId, code: code ?? null });
    },

    /** Everything else of the install goes by cascade; answers with what that was. */
    remove(id: string): UninstallResult["removed"] {
      const removed = holdings(id);
      sql.remove.run(id);
      return removed;
    },

    holdings,

    changeConfig(id: string, changes: KeyedChanges): void {
      for (const [key, value] of Object.entries(changes)) {
        if (value === null) sql.unsetConfig.run(id, key);
        else sql.setConfig.run(id, key, value);
      }
    },

    subscriptions: (id: string) => sql.subscriptions.all(id),

    /** Enabled installs of the tenant that want the topic, once for each handler. */
    subscribers: (tenantId: string, topic: string) => sql.subscribers.all(topic, tenantId),

    /** Replaces the subscriptions by those of the manifest. */
    subscribe(id: string, events: readonly EventSubscription[], newId: () => string): void {
      sql.unsubscribe.run(id);
      for (const event of events) sql.subscribe.run(newId(), id, event.topic, event.handler);
    },
  };
}

/**
 * What the version is for this tenant: its own verdict, the tenant's, and the unsigned policy as it stands now.
 * The last makes withdrawing `unsigned: allow` take effect at once.
 */
function verdict(
  row: InstallRow,
  allowsUnsigned: InstallContext["allowsUnsigned"],
): Pick<InstalledExtension, "version_status" | "invalid_code"> {
  const code = row.version_invalid_code ?? row.install_invalid_code;
  if (row.version_status === "invalid" || code !== null) {
    return {
      version_status: "invalid",
      ...(code === null ? {} : { invalid_code: verificationCodeSchema.parse(code) }),
    };
  }
  if (row.signed === 0 && !allowsUnsigned(row.tenant_id)) {
    return { version_status: "invalid", invalid_code: "signature_missing" };
  }
  return { version_status: row.version_status };
}

function columnsOf(record: InstallRecord) {
  return {
    id: record.id,
    versionId: record.versionId,
    grants: JSON.stringify(record.grants),
    egress: JSON.stringify(record.egress),
    limits: JSON.stringify(record.limits),
    updatedAt: record.updatedAt,
  };
}

/** Whether a UI asset of this bundle may be served: some tenant has it installed, enabled and standing. */
export function servesHash(installs: readonly InstalledExtension[], contentHash: ContentHash): boolean {
  return installs.some(
    (install) =>
      install.content_hash === contentHash && install.enabled && install.version_status !== "invalid",
  );
}
