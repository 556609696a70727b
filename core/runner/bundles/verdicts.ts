import type { ContentHash } from "../../contract/content-hash.ts";
import type { RunnerConfiguration } from "../../contract/runner-protocol.ts";
import type { Clock } from "../../platform/clock.ts";
import { BundleLoadError } from "./errors.ts";
import { type ObjectFiles, objectFiles, objectIdentity } from "./object-files.ts";
import type { Judgement, Preparation } from "./preparation.ts";

/** A judgement stands this long at most, whatever the certificates say. */
const MAX_VERDICT_AGE_MS = 30_000;
/** Judgements kept; beyond it all are made anew. */
const MAX_VERDICTS = 10_000;

interface Verdict {
  readonly files: ObjectFiles;
  /** Of the files that were judged. */
  readonly identity: string;
  /** Of the trust that they were judged by. */
  readonly revision: number;
  readonly until: number;
  readonly judgement: Promise<Judgement>;
}

export interface VerdictOptions {
  readonly objectsDir: string;
  readonly preparation: Pick<Preparation, "verify">;
  readonly clock: Clock;
  configuration(): RunnerConfiguration;
}

export interface Verdicts {
  /**
   * Resolves when the bundle may be used for the tenant.
   * @throws BundleLoadError `bundle_unavailable`, `signature_invalid`.
   */
  require(contentHash: ContentHash, tenantId: string): Promise<void>;
}

/**
 * Whether a bundle's bytes and signature are good, for a tenant, under the present trust, at the present time.
 * Remembered, and asked again when the files, the trust or the time have moved on.
 */
export function createVerdicts(options: VerdictOptions): Verdicts {
  const verdicts = new Map<string, Verdict>();

  function judge(contentHash: ContentHash, tenantId: string): Promise<Judgement> {
    const { revision, trust } = options.configuration();
    const now = options.clock.now().getTime();
    const key = `${contentHash}/${tenantId}`;
    const known = verdicts.get(key);
    const files = known?.files ?? objectFiles(options.objectsDir, contentHash);
    const identity = objectIdentity(files);
    if (identity === undefined)
      throw new BundleLoadError("bundle_unavailable", "the bundle is not in the store");
    if (known?.identity === identity && known.revision === revision && now < known.until)
      return known.judgement;
    if (verdicts.size >= MAX_VERDICTS) verdicts.clear();
    const judgement = options.preparation.verify({ contentHash, tenantId, trust, at: now });
    const verdict = { files, identity, revision, until: nextChange(options.configuration(), now), judgement };
    verdicts.set(key, verdict);
    judgement.then(
      ({ notAfter }) => {
        if (notAfter !== undefined && notAfter < verdict.until && verdicts.get(key) === verdict)
          verdicts.set(key, { ...verdict, until: notAfter });
      },
      () => verdicts.delete(key),
    );
    return judgement;
  }

  return {
    async require(contentHash, tenantId) {
      const { verified, code } = await judge(contentHash, tenantId);
      if (verified) return;
      const unsignedAllowed = options.configuration().unsignedTenants.includes(tenantId);
      if (code === "signature_missing" && unsignedAllowed) return;
      throw new BundleLoadError(
        "signature_invalid",
        "the bundle does not verify",
        code ?? "signature_invalid",
      );
    },
  };
}

/** When the judgement may come out differently: a revocation that begins, or simply some time later. */
function nextChange({ trust }: RunnerConfiguration, now: number): number {
  const revocations = trust.revocations
    .map(({ revoked_at }) => Date.parse(revoked_at))
    .filter((at) => at > now);
  return Math.min(now + MAX_VERDICT_AGE_MS, ...revocations);
}
