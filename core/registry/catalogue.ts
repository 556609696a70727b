import { type ContentHash, contentHashSchema } from "../contract/content-hash.ts";
import { type Manifest, manifestSchema } from "../contract/manifest.ts";
import {
  type VerificationCode,
  type VerificationReport,
  verificationCodeSchema,
} from "../contract/verification.ts";
import type { Database, PrepareWrite } from "../store/index.ts";
import type { ExtensionEntry, VersionEntry, VersionStatus } from "./shapes.ts";
import { latestOf, newestFirst } from "./version-choice.ts";

interface EntryRow {
  id: string;
  name: string;
  publisher: string;
  display_name: string | null;
  description: string | null;
  deprecated_at: string | null;
  created_at: string;
}

interface VersionRow {
  id: string;
  registry_id: string;
  version: string;
  content_hash: string;
  size: number;
  status: VersionStatus;
  invalid_code: string | null;
  deprecated_at: string | null;
  signed: 0 | 1;
  signer_subject: string | null;
  signer_fingerprint: string | null;
  sbom_path: string | null;
  installs: number;
  created_at: string;
}

export interface NewVersion {
  readonly id: string;
  readonly registryId: string;
  readonly version: string;
  readonly contentHash: ContentHash;
  readonly manifest: Manifest;
  readonly report: VerificationReport;
  readonly publishedBy: string;
  readonly createdAt: string;
}

export interface BundleRecord {
  readonly contentHash: ContentHash;
  readonly size: number;
  readonly signature: string | undefined;
  readonly signerSubject: string | undefined;
  readonly signerFingerprint: string | undefined;
  readonly hasComponent: boolean;
  readonly sbomPath: string | undefined;
  readonly createdAt: string;
}

const VERSION_COLUMNS = `
  SELECT v.id, v.registry_id, v.version, v.content_hash, b.size, v.status, v.invalid_code, v.deprecated_at,
    b.signature IS NOT NULL AS signed, b.signer_subject, b.signer_fingerprint, b.sbom_path, v.created_at,
    (SELECT COUNT(*) FROM tenant_extension_install i WHERE i.version_id = v.id) AS installs
  FROM extension_version v JOIN extension_bundle b ON b.content_hash = v.content_hash`;

/** Manifests parsed and kept: a version's manifest never changes. Bounds memory, not correctness. */
const MANIFESTS_KEPT = 256;

/** Owns `extension_registry`, `extension_version`, `extension_bundle`. Synchronous, joins the caller's transaction. */
export type Catalogue = ReturnType<typeof createCatalogue>;

export function createCatalogue(database: Database, prepareWrite: PrepareWrite) {
  const sql = {
    entries: database.prepare<[], EntryRow>("SELECT * FROM extension_registry ORDER BY name"),
    entryById: database.prepare<[string], EntryRow>("SELECT * FROM extension_registry WHERE id = ?"),
    entryByName: database.prepare<[string], EntryRow>("SELECT * FROM extension_registry WHERE name = ?"),
    entryByInstall: database.prepare<[string], EntryRow>(
      "SELECT r.* FROM extension_registry r JOIN tenant_extension_install i ON i.registry_id = r.id WHERE i.id = ?",
    ),
    addEntry: prepareWrite(
      "INSERT INTO extension_registry (id, name, publisher, display_name, description, created_at) VALUES (@id, @name, @publisher, @display_name, @description, @created_at)",
    ),
    describeEntry: prepareWrite(
      "UPDATE extension_registry SET publisher = @publisher, display_name = @display_name, description = @description WHERE id = @id",
    ),
    deprecateEntry: prepareWrite("UPDATE extension_registry SET deprecated_at = ? WHERE id = ?"),
    versions: database.prepare<[string], VersionRow>(`${VERSION_COLUMNS} WHERE v.registry_id = ?`),
    version: database.prepare<[string], VersionRow>(`${VERSION_COLUMNS} WHERE v.id = ?`),
    versionIds: database.prepare<[], { id: string }>(
      "SELECT id FROM extension_version ORDER BY created_at, id",
    ),
    manifest: database.prepare<[string], { manifest: string }>(
      "SELECT manifest FROM extension_version WHERE id = ?",
    ),
    publishedBy: database.prepare<[string], { published_by: string }>(
      "SELECT published_by FROM extension_version WHERE id = ?",
    ),
    addVersion: prepareWrite(
      "INSERT INTO extension_version (id, registry_id, version, content_hash, manifest, verification, published_by, created_at) VALUES (@id, @registryId, @version, @contentHash, @manifest, @verification, @publishedBy, @createdAt)",
    ),
    judge: prepareWrite(
      "UPDATE extension_version SET status = @status, invalid_code = @code, verification = COALESCE(@verification, verification) WHERE id = @id",
    ),
    deprecateVersion: prepareWrite(
      "UPDATE extension_version SET deprecated_at = @at, status = CASE WHEN status = 'invalid' THEN 'invalid' WHEN @at IS NULL THEN 'valid' ELSE 'deprecated' END WHERE id = @id",
    ),
    bundle: database.prepare<[string], { signature: string | null }>(
      "SELECT signature FROM extension_bundle WHERE content_hash = ?",
    ),
    saveBundle: prepareWrite(
      `INSERT INTO extension_bundle (content_hash, size, signature, signer_subject, signer_fingerprint, has_component, sbom_path, created_at)
       VALUES (@contentHash, @size, @signature, @signerSubject, @signerFingerprint, @hasComponent, @sbomPath, @createdAt)
       ON CONFLICT (content_hash) DO UPDATE SET signature = excluded.signature,
         signer_subject = excluded.signer_subject, signer_fingerprint = excluded.signer_fingerprint,
         has_component = excluded.has_component`,
    ),
  };
  const manifests = new Map<string, Manifest>();

  const versionsOf = (registryId: string) => newestFirst(sql.versions.all(registryId).map(toVersion));

  function toEntry(row: EntryRow): ExtensionEntry {
    const versions = versionsOf(row.id);
    const latest = latestOf(versions);
    return {
      registry_id: row.id,
      name: row.name,
      publisher: row.publisher,
      ...(row.display_name === null ? {} : { display_name: row.display_name }),
      ...(row.description === null ? {} : { description: row.description }),
      deprecated: row.deprecated_at !== null,
      ...(latest ? { latest: latest.version } : {}),
      versions,
      installs: versions.reduce((sum, version) => sum + version.installs, 0),
      created_at: row.created_at,
    };
  }

  return {
    entries: () => sql.entries.all().map(toEntry),

    /** By registry id, name or install id. */
    findEntry(ref: string): ExtensionEntry | undefined {
      const row = sql.entryById.get(ref) ?? sql.entryByName.get(ref) ?? sql.entryByInstall.get(ref);
      return row && toEntry(row);
    },

    versionsOf,

    findVersion(versionId: string): VersionEntry | undefined {
      const row = sql.version.get(versionId);
      return row && toVersion(row);
    },

    versionIds: () => sql.versionIds.all().map((row) => row.id),

    /** As it stands in the archive: its `version` may be `x.y.*`. */
    manifestOf(versionId: string): Manifest {
      const kept = manifests.get(versionId);
      if (kept) return kept;
      const row = sql.manifest.get(versionId);
      const manifest = manifestSchema.parse(JSON.parse(row?.manifest ?? "null"));
      const oldest = manifests.size < MANIFESTS_KEPT ? undefined : manifests.keys().next().value;
      if (oldest !== undefined) manifests.delete(oldest);
      manifests.set(versionId, manifest);
      return manifest;
    },

    publisherTenant: (versionId: string) => sql.publishedBy.get(versionId)?.published_by,

    addEntry(id: string, manifest: Manifest, publisher: string, createdAt: string): void {
      sql.addEntry.run({ id, name: manifest.name, created_at: createdAt, ...described(manifest, publisher) });
    },

    /** What an entry says of itself is what its newest version says. */
    describeEntry(id: string, manifest: Manifest, publisher: string): void {
      sql.describeEntry.run({ id, ...described(manifest, publisher) });
    },

    deprecateEntry: (id: string, at: string | null) => sql.deprecateEntry.run(at, id),

    addVersion(version: NewVersion): void {
      const { manifest, report, ...columns } = version;
      sql.addVersion.run({
        ...columns,
        manifest: JSON.stringify(manifest),
        verification: JSON.stringify(report),
      });
    },

    /** Writes a verdict; without a report the recorded one stays. */
    judge(id: string, status: VersionStatus, code?: VerificationCode, report?: VerificationReport): void {
      const verification = report ? JSON.stringify(report) : null;
      sql.judge.run({ id, status, code: code ?? null, verification });
    },

    deprecateVersion: (id: string, at: string | null) => sql.deprecateVersion.run({ id, at }),

    hasBundle: (hash: ContentHash) => sql.bundle.get(hash) !== undefined,

    signatureOf: (hash: ContentHash) => sql.bundle.get(hash)?.signature ?? undefined,

    /** Adds the bundle, or replaces the signature of one that is there. */
    saveBundle(bundle: BundleRecord): void {
      sql.saveBundle.run({
        ...bundle,
        signature: bundle.signature ?? null,
        signerSubject: bundle.signerSubject ?? null,
        signerFingerprint: bundle.signerFingerprint ?? null,
        hasComponent: bundle.hasComponent ? 1 : 0,
        sbomPath: bundle.sbomPath ?? null,
      });
    },
  };
}

function described(manifest: Manifest, publisher: string) {
  return {
    publisher,
    display_name: manifest.display_name ?? null,
    description: manifest.description ?? null,
  };
}

function toVersion(row: VersionRow): VersionEntry {
  return {
    version_id: row.id,
    registry_id: row.registry_id,
    version: row.version,
    content_hash: contentHashSchema.parse(row.content_hash),
    size: row.size,
    status: row.status,
    ...(row.invalid_code === null ? {} : { invalid_code: verificationCodeSchema.parse(row.invalid_code) }),
    deprecated: row.deprecated_at !== null,
    prerelease: row.version.split("+", 1)[0]?.includes("-") ?? false,
    signed: row.signed === 1,
    ...(row.signer_subject !== null && row.signer_fingerprint !== null
      ? { signer: { subject: row.signer_subject, fingerprint_sha256: row.signer_fingerprint } }
      : {}),
    ...(row.sbom_path === null ? {} : { sbom_path: row.sbom_path }),
    installs: row.installs,
    created_at: row.created_at,
  };
}
