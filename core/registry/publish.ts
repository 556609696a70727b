import { type ContentHash, contentHashSchema } from "../contract/content-hash.ts";
import type { Tenant } from "../contract/install.ts";
import type { VerificationReport } from "../contract/verification.ts";
import type { Catalogue } from "./catalogue.ts";
import type { Custody } from "./custody.ts";
import { RegistryError, RegistryRefusal } from "./errors.ts";
import type { Installs } from "./installs.ts";
import type { BundleContent, RegistryOptions } from "./ports.ts";
import type { PublishRequest, PublishResult, VersionEntry } from "./shapes.ts";
import type { Validity } from "./validity.ts";
import { verdictOn } from "./verdict.ts";
import { latestOf, planVersion } from "./version-choice.ts";

/** A bundle that was read and judged; nothing has been written yet. */
interface Candidate {
  readonly request: PublishRequest;
  readonly content: BundleContent;
  readonly report: VerificationReport;
  readonly hash: ContentHash;
  readonly signature: PublishResult["signature"];
}

interface Committed {
  readonly version: VersionEntry;
  readonly created: boolean;
  readonly warnings: readonly string[];
}

interface PublishParts {
  readonly options: RegistryOptions;
  readonly catalogue: Catalogue;
  readonly installs: Installs;
  readonly validity: Validity;
  readonly custody: Custody;
  requireTenant(tenantId: string): Tenant;
}

/**
 * Reads and verifies before anything is touched, then writes the object, then the rows in one transaction.
 * Killed in between, it leaves an object that nothing names; failing in between, it takes the object back.
 */
export function createPublish({
  options,
  catalogue,
  installs,
  validity,
  custody,
  requireTenant,
}: PublishParts) {
  const { database, objects, verifier, bundles, clock, ids } = options;

  async function examine(request: PublishRequest, tenant: Tenant): Promise<Candidate> {
    const { archive, signature, expectedHash } = request;
    const content = await bundles.read(archive).then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    );
    const report = await verifier.verify({
      archive,
      signature,
      at: clock.now(),
      tenantId: tenant.id,
      ...(expectedHash === undefined ? {} : { expectedContentHash: expectedHash }),
    });
    const verdict = verdictOn(report, signature, tenant, expectedHash);
    if ("error" in content) {
      // Unreadable because these are not the bytes that were signed: that is the news, not where parsing stopped.
      if (!verdict.accepted && isAlien(report))
        throw new RegistryRefusal("The bundle", "digest_mismatch", report);
      throw content.error;
    }
    if (!verdict.accepted) throw new RegistryRefusal(content.value.manifest.name, verdict.code, report);
    const hash = contentHashSchema.parse(report.content_hash);
    return {
      request,
      content: content.value,
      report,
      hash,
      signature: await weighSignature(request, report, hash),
    };
  }

  /**
   * A bundle has one signature for all tenants. A new one may take the place of the old only if no tenant that runs
   * the bundle loses by it: the tenant publishing must not be able to switch off the others.
   */
  async function weighSignature(
    { archive, signature, tenantId }: PublishRequest,
    report: VerificationReport,
    hash: ContentHash,
  ): Promise<PublishResult["signature"]> {
    const stored = catalogue.signatureOf(hash);
    if (signature === undefined || !report.verified) return stored === undefined ? "none" : "kept";
    if (!catalogue.hasBundle(hash)) return "stored";
    if (stored === signature) return "kept";
    const others = installs
      .list()
      .filter((install) => install.content_hash === hash && install.tenant_id !== tenantId)
      .filter((install) => install.version_status !== "invalid");
    for (const { tenant_id } of others) {
      const verdict = await verifier.verify({ archive, signature, at: clock.now(), tenantId: tenant_id });
      if (!verdict.verified) return "kept";
    }
    return stored === undefined ? "stored" : "replaced";
  }

  /** The one transaction of a publish. Runs under the write lock, so the next patch is nobody else's. */
  const commit = database.transaction((candidate: Candidate): Committed => {
    const { request, content, report, hash } = candidate;
    const { manifest } = content;
    const createdAt = clock.now().toISOString();
    const publisher = manifest.publisher ?? report.signer?.subject ?? "unknown";
    const found = catalogue.findEntry(manifest.name);
    const before = found?.versions ?? [];
    const plan = planVersion(manifest.version, hash, before);
    if (plan.kind === "conflict") {
      throw new RegistryError({
        code: "version_exists",
        message: `${manifest.name} ${plan.existing.version} is published already, with other content.`,
        details: { expected: plan.existing.content_hash, actual: hash },
        hint: "Raise the manifest's version, or write x.y.* to take the next patch.",
      });
    }
    if (plan.kind === "create" || writesSignature(candidate)) {
      catalogue.saveBundle({
        contentHash: hash,
        size: request.archive.byteLength,
        signature: request.signature,
        signerSubject: report.signer?.subject,
        signerFingerprint: report.signer?.fingerprint_sha256,
        hasComponent: content.hasComponent,
        sbomPath: content.sbomPath,
        createdAt,
      });
    }
    if (plan.kind === "same") {
      validity.recordSuccess(plan.existing.version_id, request.tenantId, report);
      return { version: requireVersion(plan.existing.version_id), created: false, warnings: [] };
    }
    const registryId = found?.registry_id ?? ids.uuid();
    if (!found) catalogue.addEntry(registryId, manifest, publisher, createdAt);
    const version = { id: ids.uuid(), registryId, version: plan.version, contentHash: hash };
    catalogue.addVersion({ ...version, manifest, report, publishedBy: request.tenantId, createdAt });
    const after = catalogue.versionsOf(registryId);
    if (found && latestOf(after)?.version_id === version.id) {
      catalogue.describeEntry(registryId, manifest, publisher);
    }
    return {
      version: requireVersion(version.id),
      created: true,
      warnings: signerChange(latestOf(before) ?? before[0], report),
    };
  });

  function requireVersion(versionId: string): VersionEntry {
    const version = catalogue.findVersion(versionId);
    if (version) return version;
    throw new Error("A version that was just written is not there.");
  }

  /** Takes back what this publish put into the store; the rows were rolled back by the database. */
  async function takeBack(hash: ContentHash, existed: boolean): Promise<void> {
    const signature = catalogue.signatureOf(hash);
    if (catalogue.hasBundle(hash)) {
      if (signature !== undefined) await objects.putSignature(hash, signature);
    } else if (!existed) await custody.removeUnused(hash);
  }

  async function write(candidate: Candidate): Promise<Committed> {
    const { request, hash } = candidate;
    const existed = await objects.has(hash);
    try {
      const written = await custody.put(hash, request.archive);
      if (written !== hash) {
        throw new RegistryError({
          code: "object_mismatch",
          kind: "system",
          message: "The archive changed between its verification and its storage.",
          details: { expected: hash, actual: written },
        });
      }
      if (request.signature !== undefined && writesSignature(candidate)) {
        await objects.putSignature(hash, request.signature);
      }
      return commit.immediate(candidate);
    } catch (error) {
      // What went wrong first is what the caller must hear; what stays behind is collected later.
      await takeBack(hash, existed).catch(() => undefined);
      throw error;
    }
  }

  return async function publish(given: PublishRequest): Promise<PublishResult> {
    const tenant = requireTenant(given.tenantId);
    const request = given.signature?.trim() === "" ? { ...given, signature: undefined } : given;
    const candidate = await examine(request, tenant);
    const { version, created, warnings } = await write(candidate);
    await custody.ensure(candidate.hash, request.archive);
    return {
      registry_id: version.registry_id,
      version_id: version.version_id,
      version: version.version,
      content_hash: candidate.hash,
      name: candidate.content.manifest.name,
      created,
      signed: version.signed,
      signature: candidate.signature,
      report: candidate.report,
      warnings: [...candidate.content.warnings, ...warnings, ...signatureWarnings(candidate, version)],
    };
  };
}

function writesSignature(candidate: Candidate): boolean {
  return candidate.signature === "stored" || candidate.signature === "replaced";
}

/** Whether the bytes are other than those signed or named, as far as the checks got. */
function isAlien(report: VerificationReport): boolean {
  return report.checks.some((check) => check.name === "digest" && check.status === "fail");
}

/**
 * The registry is the developer's own: a new signer under a known name is legitimate after a key rotation, and it
 * had to be trusted to get here. So it is said, and not refused.
 */
function signerChange(previous: VersionEntry | undefined, report: VerificationReport): string[] {
  const before = previous?.signer;
  if (!before || before.fingerprint_sha256 === report.signer?.fingerprint_sha256) return [];
  const now = report.signer ? `"${report.signer.subject}"` : "nobody";
  return [`Version ${previous.version} was signed by "${before.subject}", this one by ${now}.`];
}

function signatureWarnings(candidate: Candidate, version: VersionEntry): string[] {
  if (!version.signed)
    return ["The bundle is unsigned. Only development tenants that allow this can run it."];
  const offered = candidate.request.signature;
  return candidate.signature === "kept" &&
    offered !== undefined &&
    candidate.report.signer &&
    candidate.report.signer.fingerprint_sha256 !== version.signer?.fingerprint_sha256
    ? ["The stored signature stays: another tenant runs this bundle and would refuse the new one."]
    : [];
}
