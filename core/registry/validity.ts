import type { VerificationCode, VerificationReport } from "../contract/verification.ts";
import { isAway } from "../store/index.ts";
import type { Catalogue } from "./catalogue.ts";
import { RegistryRefusal } from "./errors.ts";
import type { Installs } from "./installs.ts";
import type { RegistryOptions } from "./ports.ts";
import type { VersionEntry, VersionStatus } from "./shapes.ts";
import { dependsOnTenant, reportOnLostObject, type Verdict, verdictOn } from "./verdict.ts";

export interface Reverification {
  readonly version_id: string;
  readonly version: string;
  readonly status: VersionStatus;
  readonly invalid_code?: VerificationCode;
}

/**
 * Keeps the record of which versions stand. Trust may be a tenant's own, so a failure that another tenant could
 * judge differently (`untrusted_signer`, `chain_invalid`, `signature_missing`) is recorded against that tenant's install as
 * long as another tenant uses or published the version; every other failure makes the version invalid for all.
 */
export type Validity = ReturnType<typeof createValidity>;

export function createValidity(
  { database, objects, verifier, tenants, clock }: RegistryOptions,
  catalogue: Catalogue,
  installs: Installs,
) {
  /** Reads the stored object back, re-hashed, and judges it for each tenant. */
  async function judge(version: VersionEntry, tenantIds: readonly string[]): Promise<Map<string, Verdict>> {
    const stored = await readStored(version);
    const verdicts = new Map<string, Verdict>();
    for (const tenantId of tenantIds) {
      const report =
        "lost" in stored
          ? stored.lost
          : await verifier.verify({
              ...stored,
              at: clock.now(),
              tenantId,
              expectedContentHash: version.content_hash,
            });
      const signature = "lost" in stored ? undefined : stored.signature;
      verdicts.set(tenantId, verdictOn(report, signature, tenants.get(tenantId), version.content_hash));
    }
    return verdicts;
  }

  async function readStored(
    version: VersionEntry,
  ): Promise<{ archive: Uint8Array; signature: string | undefined } | { lost: VerificationReport }> {
    try {
      const archive = await objects.getArchive(version.content_hash);
      return { archive, signature: await objects.getSignature(version.content_hash) };
    } catch (error) {
      return { lost: reportOnLostObject(version.content_hash, error) };
    }
  }

  function concernedTenants(versionId: string): string[] {
    const publisher = catalogue.publisherTenant(versionId);
    return [
      ...new Set([...(publisher === undefined ? [] : [publisher]), ...installs.tenantsOfVersion(versionId)]),
    ];
  }

  function recordFailure(
    versionId: string,
    code: VerificationCode,
    tenantId?: string,
    report?: VerificationReport,
  ): void {
    const concernsOthers = concernedTenants(versionId).some((other) => other !== tenantId);
    if (tenantId !== undefined && dependsOnTenant(code) && concernsOthers) {
      installs.judge(versionId, tenantId, code);
    } else {
      catalogue.judge(versionId, "invalid", code, report);
    }
  }

  function recordSuccess(versionId: string, tenantId: string, report: VerificationReport): void {
    const version = catalogue.findVersion(versionId);
    if (version?.status === "invalid") {
      catalogue.judge(versionId, standing(version), undefined, report);
      // It stands again for this tenant. The others keep their verdict until they are judged themselves.
      for (const other of installs.tenantsOfVersion(versionId)) {
        installs.judge(versionId, other, version.invalid_code);
      }
    }
    installs.judge(versionId, tenantId, undefined);
  }

  async function reverifyOne(version: VersionEntry): Promise<Reverification> {
    const verdicts = await judge(version, concernedTenants(version.version_id));
    const all = [...verdicts.values()];
    const refusal = all.find((verdict) => !verdict.accepted);
    const invalid = refusal && !all.some((verdict) => verdict.accepted) ? refusal : undefined;
    const status = invalid ? "invalid" : standing(version);
    database
      .transaction(() => {
        for (const [tenantId, verdict] of verdicts) {
          installs.judge(version.version_id, tenantId, verdict.accepted ? undefined : verdict.code);
        }
        catalogue.judge(version.version_id, status, invalid?.code, all[0]?.report);
      })
      .immediate();
    return {
      version_id: version.version_id,
      version: version.version,
      status,
      ...(invalid ? { invalid_code: invalid.code } : {}),
    };
  }

  return {
    recordSuccess,
    recordFailure,

    /** Verifies the stored version for the tenant and records the outcome. Errors: `RegistryRefusal`. */
    async require(name: string, version: VersionEntry, tenantId: string): Promise<void> {
      const verdict = (await judge(version, [tenantId])).get(tenantId);
      database
        .transaction(() => {
          if (verdict?.accepted) recordSuccess(version.version_id, tenantId, verdict.report);
          else if (verdict) recordFailure(version.version_id, verdict.code, tenantId, verdict.report);
        })
        .immediate();
      if (verdict && !verdict.accepted) {
        throw new RegistryRefusal(`${name} ${version.version}`, verdict.code, verdict.report);
      }
    },

    /**
     * Judges one version, or all, anew for every tenant that published or installed it: after a change of trust.
     * What cannot be read because the shared store is away keeps its standing; the runner judges it at each call anyway.
     */
    async reverify(versionId?: string): Promise<Reverification[]> {
      const results: Reverification[] = [];
      for (const id of versionId === undefined ? catalogue.versionIds() : [versionId]) {
        const version = catalogue.findVersion(id);
        if (version === undefined) continue;
        try {
          results.push(await reverifyOne(version));
        } catch (error) {
          if (!isAway(error)) throw error;
          results.push({ version_id: id, version: version.version, status: version.status });
        }
      }
      return results;
    },
  };
}

/** What a version is when it verifies. */
function standing(version: VersionEntry): "valid" | "deprecated" {
  return version.deprecated ? "deprecated" : "valid";
}
