import type { ContentHash } from "../contract/content-hash.ts";
import type { InstalledExtension, Tenant } from "../contract/install.ts";
import type { VerificationCode } from "../contract/verification.ts";
import { createRevision } from "../store/index.ts";
import { createCatalogue } from "./catalogue.ts";
import { createCustody } from "./custody.ts";
import { RegistryError } from "./errors.ts";
import { createInstallations } from "./install.ts";
import { createInstallCache } from "./install-cache.ts";
import { createInstalls, servesHash } from "./installs.ts";
import type { RegistryOptions } from "./ports.ts";
import { createPublish } from "./publish.ts";
import type { ExtensionEntry, VersionEntry } from "./shapes.ts";
import { createValidity } from "./validity.ts";
import { allowsUnsigned } from "./verdict.ts";

export type Registry = ReturnType<typeof createRegistry>;

/**
 * Extensions, their versions and their installs over one database and one object store. Several processes may
 * work on the same ones: every change is one immediate transaction, and what is cached is checked against the
 * database's own count of changes.
 */
export function createRegistry(options: RegistryOptions) {
  const { database, tenants, clock } = options;
  const revision = createRevision(database);
  const catalogue = createCatalogue(database, revision.prepareWrite);
  const installs = createInstalls(database, revision.prepareWrite, {
    manifestOf: catalogue.manifestOf,
    allowsUnsigned: (tenantId) => allowsUnsigned(tenants.get(tenantId)),
  });
  const validity = createValidity(options, catalogue, installs);
  const custody = createCustody(options, catalogue);

  function requireTenant(tenantId: string): Tenant {
    const tenant = tenants.get(tenantId);
    if (tenant) return tenant;
    throw new RegistryError({ code: "tenant_not_found", message: "There is no such tenant." });
  }

  function requireEntry(ref: string): ExtensionEntry {
    const entry = catalogue.findEntry(ref);
    if (entry) return entry;
    throw new RegistryError({
      code: "extension_not_found",
      message: `There is no extension ${JSON.stringify(ref.slice(0, 128))} in the registry.`,
      hint: "Publish it first; `workbench list` shows what is there.",
    });
  }

  const parts = { options, catalogue, installs, validity, custody, requireTenant, requireEntry };

  return {
    publish: createPublish(parts),
    ...createInstallations(parts),

    listExtensions: (): ExtensionEntry[] => catalogue.entries(),

    /** By registry id, install id or name. Errors: `extension_not_found`. */
    getExtension: requireEntry,

    /** Newest first. Errors: `extension_not_found`. */
    versions: (ref: string): readonly VersionEntry[] => requireEntry(ref).versions,

    /** Marks one version, or without `version` the extension, as no longer recommended; `undo` takes it back. */
    deprecate(request: {
      ref: string;
      version?: string | undefined;
      undo?: boolean | undefined;
    }): ExtensionEntry {
      const entry = requireEntry(request.ref);
      const at = request.undo ? null : clock.now().toISOString();
      if (request.version === undefined) catalogue.deprecateEntry(entry.registry_id, at);
      else {
        const version = entry.versions.find((candidate) => candidate.version === request.version);
        if (!version) {
          throw new RegistryError({
            code: "version_not_found",
            message: `${entry.name} has no such version.`,
          });
        }
        catalogue.deprecateVersion(version.version_id, at);
      }
      return requireEntry(entry.registry_id);
    },

    /** Installs of one tenant, or of all. */
    listInstalls: (tenantId?: string): InstalledExtension[] => installs.list(tenantId),

    /** The hot path of every call: `(tenantId, ref)` to the tenant's install, disabled ones too. Frozen, shared. */
    resolveInstall: createInstallCache(database, revision, installs.find),

    /** The same text as long as neither this process has written to the registry nor another one to the home. */
    revision: revision.current,

    /** Installs over all tenants that the reference names: all of an extension, or the one with that install id. */
    findInstallAnywhere: (ref: string): InstalledExtension[] => installs.ofReference(ref),

    /** Enabled installs of the tenant that subscribe to the topic, once for each handler. */
    subscribers: installs.subscribers,

    /** Whether UI assets of this bundle may be served under this reference. */
    isInstalled: (extensionId: string, contentHash: ContentHash): boolean =>
      servesHash(installs.ofReference(extensionId), contentHash),

    /**
     * Records that the runner refused the version when it loaded it. With `tenantId`, a verdict that depends on a
     * tenant's own trust stays that tenant's while others use the version.
     */
    markInvalid: (versionId: string, code: VerificationCode, tenantId?: string): void =>
      database.transaction(() => validity.recordFailure(versionId, code, tenantId)).immediate(),

    reverify: validity.reverify,
    collectGarbage: custody.collectGarbage,
  };
}
