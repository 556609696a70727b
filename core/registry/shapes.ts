import type { Capability } from "../contract/capability.ts";
import type { ContentHash } from "../contract/content-hash.ts";
import type { InstalledExtension } from "../contract/install.ts";
import type { LimitOverrides } from "../contract/limit-overrides.ts";
import type { VerificationCode, VerificationReport } from "../contract/verification.ts";

/** What the registry answers and takes, in the spelling of the control API and of `--json`. Times are ISO 8601, UTC. */
export type VersionStatus = InstalledExtension["version_status"];

export interface VersionEntry {
  readonly version_id: string;
  readonly registry_id: string;
  readonly version: string;
  readonly content_hash: ContentHash;
  /** Bytes of the archive. */
  readonly size: number;
  readonly status: VersionStatus;
  readonly invalid_code?: VerificationCode;
  readonly deprecated: boolean;
  readonly prerelease: boolean;
  readonly signed: boolean;
  readonly signer?: { readonly subject: string; readonly fingerprint_sha256: string };
  readonly sbom_path?: string;
  /** Installs of this version over all tenants. */
  readonly installs: number;
  readonly created_at: string;
}

export interface ExtensionEntry {
  readonly registry_id: string;
  readonly name: string;
  readonly publisher: string;
  readonly display_name?: string;
  readonly description?: string;
  readonly deprecated: boolean;
  /** What `install` without a version takes; absent when nothing qualifies. */
  readonly latest?: string;
  /** Newest first. */
  readonly versions: readonly VersionEntry[];
  readonly installs: number;
  readonly created_at: string;
}

export interface PublishRequest {
  archive: Uint8Array;
  /** PEM of the detached CMS; absent: refused, unless the tenant is a development tenant that allows it. */
  signature?: string | undefined;
  tenantId: string;
  expectedHash?: ContentHash | undefined;
}

export interface PublishResult {
  readonly registry_id: string;
  readonly version_id: string;
  /** Resolved: never `x.y.*`. */
  readonly version: string;
  readonly content_hash: ContentHash;
  readonly name: string;
  /** False when these very bytes were published before. */
  readonly created: boolean;
  readonly signed: boolean;
  /** `kept`: the stored one stays, because the new one is absent, the same, or would fail for a tenant that uses it. */
  readonly signature: "stored" | "kept" | "replaced" | "none";
  readonly report: VerificationReport;
  readonly warnings: readonly string[];
}

/** Addresses an extension by registry id, install id or name. */
export interface InstallTarget {
  ref: string;
  tenantId: string;
}

/** `null` removes the key. */
export type KeyedChanges = Readonly<Record<string, string | null>>;

export interface InstallSettings {
  /** With or without `cap:`. The default capabilities are always added. `requested`: all that the manifest asks for. */
  grants?: readonly string[] | "requested" | undefined;
  config?: KeyedChanges | undefined;
  secrets?: KeyedChanges | undefined;
  /** Replaces the list. Each entry `host` (subdomains included) or `host:port`. */
  egress?: readonly string[] | undefined;
  /** Replaces the overrides. */
  limits?: LimitOverrides | undefined;
}

export interface InstallRequest extends InstallTarget, InstallSettings {
  /** Exact version; default: the newest that is valid, not deprecated and no pre-release. */
  version?: string | undefined;
}

export interface InstallResult {
  readonly install_id: string;
  readonly registry_id: string;
  readonly version_id: string;
  readonly version: string;
  readonly tenant_id: string;
  readonly extension_name: string;
  readonly content_hash: ContentHash;
  readonly signed: boolean;
  /** All that the install now holds, the default capabilities included. */
  readonly grants: readonly Capability[];
  /** Requested by the manifest and not granted. */
  readonly not_granted: readonly Capability[];
  /** The install was made, or moved to another version. */
  readonly changed: boolean;
  /** The install was made; false where there was one. */
  readonly created: boolean;
  readonly warnings: readonly string[];
}

export interface UninstallResult {
  readonly install_id: string;
  readonly registry_id: string;
  readonly tenant_id: string;
  /** What went with it, in rows. */
  readonly removed: {
    readonly config: number;
    readonly secrets: number;
    readonly storage: number;
    readonly schedules: number;
    readonly subscriptions: number;
  };
}

export interface EventSubscription {
  readonly topic: string;
  readonly handler: string;
}

export interface InstallDetails extends InstalledExtension {
  /** Keys only: values never come back. */
  readonly secret_keys: readonly string[];
  readonly subscriptions: readonly EventSubscription[];
}
