import type { Capability } from "../contract/capability.ts";
import { eventHandlerFault } from "../contract/event-handler.ts";
import type { InstalledExtension, Tenant } from "../contract/install.ts";
import type { Manifest } from "../contract/manifest.ts";
import type { Catalogue } from "./catalogue.ts";
import { normaliseEgress } from "./egress-entry.ts";
import { RegistryError } from "./errors.ts";
import type { Installs } from "./installs.ts";
import type { RegistryOptions } from "./ports.ts";
import {
  carryGrants,
  checkConfig,
  checkLimits,
  checkSecrets,
  notGranted,
  resolveGrants,
} from "./settings-input.ts";
import type {
  ExtensionEntry,
  InstallDetails,
  InstallRequest,
  InstallResult,
  InstallSettings,
  InstallTarget,
  UninstallResult,
  VersionEntry,
} from "./shapes.ts";
import type { Validity } from "./validity.ts";
import { chooseVersion } from "./version-choice.ts";

const MAX_QUOTED_CHARACTERS = 128;

interface InstallParts {
  readonly options: RegistryOptions;
  readonly catalogue: Catalogue;
  readonly installs: Installs;
  readonly validity: Validity;
  requireTenant(tenantId: string): Tenant;
  requireEntry(ref: string): ExtensionEntry;
}

/** Install and everything that happens to an install afterwards. Each change is one transaction. */
export function createInstallations(parts: InstallParts) {
  const { options, catalogue, installs, validity, requireTenant, requireEntry } = parts;
  const { database, secrets, clock, ids } = options;

  function requireInstall({ ref, tenantId }: InstallTarget): InstalledExtension {
    requireTenant(tenantId);
    const install = installs.find(tenantId, ref);
    if (install) return install;
    throw new RegistryError({
      code: "not_installed",
      message: `${JSON.stringify(ref.slice(0, 128))} is not installed for this tenant.`,
    });
  }

  function resultOf(
    installId: string,
    tenantId: string,
    outcome: { changed: boolean; created: boolean; warnings: string[] },
  ): InstallResult {
    const install = requireInstall({ ref: installId, tenantId });
    return {
      install_id: install.install_id,
      registry_id: install.registry_id,
      version_id: install.version_id,
      version: install.version,
      tenant_id: install.tenant_id,
      extension_name: install.extension_name,
      content_hash: install.content_hash,
      signed: install.signed,
      grants: install.granted_capabilities,
      not_granted: notGranted(install.granted_capabilities, install.manifest),
      changed: outcome.changed,
      created: outcome.created,
      warnings: outcome.warnings,
    };
  }

  /** Writes config and secrets; called inside a transaction, after everything was checked. */
  function writeKeyed(installId: string, settings: InstallSettings): void {
    if (settings.config) installs.changeConfig(installId, settings.config);
    for (const [key, value] of Object.entries(settings.secrets ?? {})) {
      if (value === null) secrets.remove(installId, key);
      else secrets.put(installId, key, value);
    }
  }

  /** Applies a change to an install: other version, other settings, or both. */
  function change(
    target: InstallTarget,
    version: VersionEntry | undefined,
    settings: InstallSettings,
    grantsFor: (current: InstalledExtension, manifest: Manifest) => Capability[],
  ): InstallDetails {
    const apply = database.transaction((): InstallDetails => {
      const current = requireInstall(target);
      const versionId = version?.version_id ?? current.version_id;
      const manifest = catalogue.manifestOf(versionId);
      if (settings.config) checkConfig(current.config, settings.config);
      if (settings.secrets) checkSecrets(secrets.keys(current.install_id), settings.secrets);
      installs.save({
        id: current.install_id,
        versionId,
        grants:
          settings.grants === undefined
            ? grantsFor(current, manifest)
            : resolveGrants(settings.grants, manifest),
        egress: settings.egress ? normaliseEgress(settings.egress) : current.egress_allowlist,
        limits: settings.limits ? checkLimits(settings.limits) : current.limits,
        updatedAt: clock.now().toISOString(),
      });
      writeKeyed(current.install_id, settings);
      if (versionId !== current.version_id) {
        installs.subscribe(current.install_id, manifest.events ?? [], ids.uuid);
        installs.judge(versionId, current.tenant_id, undefined);
      }
      return details(requireInstall({ ref: current.install_id, tenantId: current.tenant_id }));
    });
    return apply.immediate();
  }

  function details(install: InstalledExtension): InstallDetails {
    return {
      ...install,
      secret_keys: secrets.keys(install.install_id),
      subscriptions: installs.subscriptions(install.install_id),
    };
  }

  return {
    /** One install with the keys of its secrets (never their values) and its subscriptions. Errors: `not_installed`. */
    getInstall: (target: InstallTarget) => details(requireInstall(target)),

    /** What an uninstall would take with it. Errors: `not_installed`. */
    holdings: (target: InstallTarget) => installs.holdings(requireInstall(target).install_id),

    /**
     * Verifies the stored version again and installs it. Without `grants`, all that the manifest requests is granted.
     * The same version again, with nothing else asked for, answers with the install that is there.
     * Errors: `RegistryRefusal`, `already_installed`, and those of each setting.
     */
    async install(request: InstallRequest): Promise<InstallResult> {
      requireTenant(request.tenantId);
      const entry = requireEntry(request.ref);
      const version = chooseVersion(entry.name, entry.versions, request.version);
      const manifest = catalogue.manifestOf(version.version_id);
      const grants = resolveGrants(request.grants, manifest);
      const egress = normaliseEgress(request.egress ?? []);
      const limits = checkLimits(request.limits ?? {});
      checkConfig({}, request.config ?? {});
      checkSecrets([], request.secrets ?? {});
      await validity.require(entry.name, version, request.tenantId);

      const apply = database.transaction(() => {
        const existing = installs.find(request.tenantId, entry.registry_id);
        if (existing) return { id: sameOrRefused(existing, version, request), created: false };
        const id = ids.uuid();
        installs.add({
          id,
          tenantId: request.tenantId,
          registryId: entry.registry_id,
          versionId: version.version_id,
          grants,
          egress,
          limits,
          updatedAt: clock.now().toISOString(),
        });
        writeKeyed(id, request);
        installs.subscribe(id, manifest.events ?? [], ids.uuid);
        return { id, created: true };
      });
      const { id, created } = apply.immediate();
      return resultOf(id, request.tenantId, {
        changed: created,
        created,
        warnings: choiceWarnings(entry, version, manifest),
      });
    },

    /**
     * Moves to another version (default: the newest), verified again. Grants stay as far as the new version still
     * requests them; what it newly requests is granted only when `grants` says so. Config, secrets and storage stay.
     */
    async update(request: InstallRequest): Promise<InstallResult> {
      const current = requireInstall(request);
      const entry = requireEntry(current.registry_id);
      const version = chooseVersion(entry.name, entry.versions, request.version);
      await validity.require(entry.name, version, request.tenantId);
      const { install_id } = change(request, version, request, ({ granted_capabilities }, manifest) =>
        carryGrants(granted_capabilities, manifest),
      );
      const before = entry.versions.find((other) => other.version_id === current.version_id)?.signer;
      const warnings = choiceWarnings(entry, version, catalogue.manifestOf(version.version_id));
      if (before && before.fingerprint_sha256 !== version.signer?.fingerprint_sha256) {
        warnings.push(
          `The signer changed from "${before.subject}" to "${version.signer?.subject ?? "nobody"}".`,
        );
      }
      return resultOf(install_id, request.tenantId, {
        changed: version.version_id !== current.version_id,
        created: false,
        warnings,
      });
    },

    /** Changes settings and keeps the version. Grants that are not named stay. */
    configure: (request: InstallTarget & InstallSettings): InstallDetails =>
      change(request, undefined, request, (current) => current.granted_capabilities),

    setEnabled(request: InstallTarget & { enabled: boolean }): InstallDetails {
      const install = requireInstall(request);
      installs.setEnabled(install.install_id, request.enabled, clock.now().toISOString());
      return details(requireInstall(request));
    },

    /** Removes the install with its config, secrets, storage, schedules and subscriptions, and says how much that was. */
    uninstall(target: InstallTarget): UninstallResult {
      const apply = database.transaction((): UninstallResult => {
        const { install_id, registry_id, tenant_id } = requireInstall(target);
        return { install_id, registry_id, tenant_id, removed: installs.remove(install_id) };
      });
      return apply.immediate();
    },
  };
}

function sameOrRefused(existing: InstalledExtension, version: VersionEntry, request: InstallRequest): string {
  const asksMore = [request.grants, request.config, request.secrets, request.egress, request.limits].some(
    (setting) => setting !== undefined,
  );
  if (existing.version_id === version.version_id && !asksMore) return existing.install_id;
  throw new RegistryError({
    code: "already_installed",
    message: `${existing.extension_name} ${existing.version} is installed for this tenant already.`,
    details: { install_id: existing.install_id, version: existing.version },
    hint: "Use `workbench update` to change its version or settings, or uninstall it first.",
  });
}

function choiceWarnings(entry: ExtensionEntry, version: VersionEntry, manifest: Manifest): string[] {
  const warnings: string[] = [];
  if (entry.deprecated) warnings.push(`${entry.name} is deprecated.`);
  if (version.deprecated) warnings.push(`Version ${version.version} is deprecated.`);
  if (!version.signed)
    warnings.push("The bundle is unsigned: allowed by this development tenant's policy only.");
  for (const { topic, handler } of manifest.events ?? []) {
    const fault = eventHandlerFault(manifest, handler);
    if (fault !== undefined)
      warnings.push(`Events of ${quoted(topic)} for ${quoted(handler)} will reach nothing: ${fault}.`);
  }
  return warnings;
}

/** From a bundle: whatever it holds stays on one line. */
function quoted(text: string): string {
  return JSON.stringify(text.slice(0, MAX_QUOTED_CHARACTERS));
}
