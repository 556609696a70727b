import type { ContentHash } from "../contract/content-hash.ts";
import type { Tenant } from "../contract/install.ts";
import type { Manifest } from "../contract/manifest.ts";
import type { VerificationReport } from "../contract/verification.ts";
import type { Clock } from "../platform/clock.ts";
import type { Ids } from "../platform/ids.ts";
import type { Database } from "../store/index.ts";

/** Content-addressed bundles with their signatures; the file and the S3 store both are one. */
export interface BundleObjects {
  has(hash: ContentHash): Promise<boolean>;
  putArchive(bytes: Uint8Array): Promise<ContentHash>;
  /** Re-hashed on the way out: throws `object_not_found` or `object_corrupt`. */
  getArchive(hash: ContentHash): Promise<Uint8Array>;
  putSignature(hash: ContentHash, pem: string): Promise<void>;
  getSignature(hash: ContentHash): Promise<string | undefined>;
  remove(hash: ContentHash): Promise<void>;
  list(): AsyncIterable<ContentHash>;
}

export interface VerifyRequest {
  archive: Uint8Array;
  signature: string | undefined;
  at: Date;
  /** Whose trust list counts besides the anchors that every tenant shares. */
  tenantId: string;
  expectedContentHash?: ContentHash;
}

/** Answers with a report and never throws because of what it was given. */
export interface BundleVerifier {
  verify(request: VerifyRequest): Promise<VerificationReport>;
}

export interface BundleContent {
  readonly manifest: Manifest;
  /** There is a handler to answer calls. */
  readonly hasComponent: boolean;
  /** Path of the SBOM inside the archive. */
  readonly sbomPath?: string | undefined;
  readonly warnings: readonly string[];
}

/** Walks an untrusted archive under every limit; throws the bundle feature's error when it is not sound. */
export interface BundleReader {
  read(archive: Uint8Array): Promise<BundleContent>;
}

export interface TenantDirectory {
  get(tenantId: string): Tenant | undefined;
}

/**
 * Write-only from here: the registry stores and counts secrets, and never reads one.
 * Synchronous, on the registry's own database, so that a write joins the registry's transaction.
 */
export interface InstallSecretWriter {
  put(installId: string, key: string, value: string): void;
  remove(installId: string, key: string): void;
  keys(installId: string): readonly string[];
}

export interface RegistryOptions {
  database: Database;
  objects: BundleObjects;
  verifier: BundleVerifier;
  bundles: BundleReader;
  tenants: TenantDirectory;
  secrets: InstallSecretWriter;
  clock: Clock;
  ids: Ids;
}
