import { hash } from "node:crypto";
import { MAX_ARCHIVE_BYTES } from "../../contract/limits.ts";
import type { TrustSnapshot } from "../../contract/trust.ts";
import type { VerificationReport } from "../../contract/verification.ts";
import type { ParsedCertificate } from "../x509/certificate.ts";
import { EncodingError } from "../x509/encoding-error.ts";
import { describePublicKey } from "../x509/public-key.ts";
import { type CertificatePath, distinct, findPaths } from "./certificate-path.ts";
import { type CmsSignature, readCmsSignature } from "./cms-signature.ts";
import { checkKeyUsage, checkRevocation, checkTrust, checkValidity } from "./path-checks.ts";
import { assembleReport, type CheckOutcome, type CheckOutcomes, fail, pass, skip } from "./report.ts";
import { isValidSignature } from "./signature-algorithm.ts";
import { type AnchorIndex, indexAnchors } from "./trust-anchors.ts";

export interface VerifyOptions {
  readonly archive: Uint8Array;
  /** PEM text of the detached signature; `undefined` or blank when there is none. */
  readonly signature: string | undefined;
  readonly trust: TrustSnapshot;
  /** Time at which validity and revocation are judged. */
  readonly at: Date;
  /** Whose trust scope counts; absent: entries of every scope count, and the report names the scope. */
  readonly tenantId?: string;
  /** The hash under which the archive is known, e.g. the registry's. */
  readonly expectedContentHash?: string;
  /** Whether the archive is a sane bundle; without it the `archive` check is skipped. */
  readonly checkArchive?: (archive: Uint8Array) => Promise<ArchiveVerdict>;
}

export type ArchiveVerdict = { readonly ok: true } | { readonly ok: false; readonly detail: string };

/**
 * Checks a bundle's archive against its detached signature and the trust list. Pure: no clock, no store, no
 * network; the runner process calls it too. Answers with a report for every kind of bad input and throws only when
 * the trust list itself or the time cannot be read.
 */
export async function verifyArchive(options: VerifyOptions): Promise<VerificationReport> {
  if (Number.isNaN(options.at.getTime())) throw new RangeError("The time of verification is not a time.");
  const contentHash = `sha256:${hash("sha256", options.archive, "hex")}`;
  const anchors = indexAnchors(options.trust.anchors);
  const archive = await checkArchive(options);
  const known = checkKnownHash(options.expectedContentHash, contentHash);

  const read = readSignature(options.signature);
  if (read.signature === undefined) {
    const outcomes = { archive, signature: read.outcome, ...(known ? { digest: known } : {}) };
    return assembleReport(contentHash, outcomes, undefined);
  }
  const { signature } = read;
  const digest = known ?? checkDigest(signature, options.archive);
  const { outcome, signer } = checkSignature(signature, anchors);
  if (signer === undefined) {
    return assembleReport(contentHash, { archive, digest, signature: outcome }, undefined);
  }
  const chain = checkChain(signer, signature, anchors, options);
  return assembleReport(contentHash, { archive, digest, signature: outcome, ...chain }, signer);
}

async function checkArchive({ archive, checkArchive: check }: VerifyOptions): Promise<CheckOutcome> {
  if (archive.byteLength > MAX_ARCHIVE_BYTES) {
    return fail("archive_invalid", {
      expected: `at most ${MAX_ARCHIVE_BYTES} bytes`,
      actual: `${archive.byteLength} bytes`,
    });
  }
  if (check === undefined) return skip("the caller reads the archive by itself");
  const verdict = await check(archive);
  return verdict.ok ? pass() : fail("archive_invalid", { detail: verdict.detail });
}

/** A failure when the archive is not the one that the caller asked for; otherwise nothing is decided yet. */
function checkKnownHash(expected: string | undefined, actual: string): CheckOutcome | undefined {
  if (expected === undefined || expected === actual) return undefined;
  return fail("digest_mismatch", {
    expected,
    actual,
    detail: "the archive is not the one that was asked for",
  });
}

function readSignature(
  pem: string | undefined,
): { signature: CmsSignature } | { signature: undefined; outcome: CheckOutcome } {
  if (pem === undefined || pem.trim() === "") {
    return {
      signature: undefined,
      outcome: fail("signature_missing", { expected: "a detached CMS signature", actual: "none" }),
    };
  }
  try {
    return { signature: readCmsSignature(pem) };
  } catch (error) {
    if (!(error instanceof EncodingError)) throw error;
    return {
      signature: undefined,
      outcome: fail("signature_malformed", {
        expected: "a detached CMS signature in PEM (BEGIN CMS)",
        actual: error.message,
      }),
    };
  }
}

function checkDigest(signature: CmsSignature, archive: Uint8Array): CheckOutcome {
  const expected = `${signature.digest}:${Buffer.from(signature.messageDigest).toString("hex")}`;
  const actual = `${signature.digest}:${hash(signature.digest, archive, "hex")}`;
  if (expected === actual) return pass({ expected, actual });
  return fail("digest_mismatch", {
    expected,
    actual,
    detail: "the signature is over other bytes than the archive's",
  });
}

/** Finds the signer's certificate and checks the signature value with its key. */
function checkSignature(
  signature: CmsSignature,
  anchors: AnchorIndex,
): { outcome: CheckOutcome; signer?: ParsedCertificate } {
  const isSigner = (one: ParsedCertificate): boolean => signature.isSigner(one);
  const embedded = signature.certificates.filter(isSigner);
  // A signature may leave its certificates out, when who verifies has them.
  const candidates = distinct(embedded.length > 0 ? embedded : anchors.certificates().filter(isSigner));
  const expected = "a signature by the certificate that it names";
  if (candidates.length === 0) {
    const actual = "it names a certificate that is neither in it nor in the trust list";
    return { outcome: fail("signature_malformed", { expected, actual }) };
  }
  // Several certificates may share issuer and serial, or a key identifier; the right one is the one that verifies.
  const signer = candidates.find((one) =>
    isValidSignature(signature.scheme, one.publicKey, signature.signedBytes, signature.value),
  );
  if (signer === undefined) {
    return {
      outcome: fail("signature_invalid", { expected, actual: "its key did not make this signature" }),
    };
  }
  const { algorithm, problem } = describePublicKey(signer.publicKey);
  if (problem !== undefined) {
    return { outcome: fail("signature_invalid", { expected: "an accepted key", actual: problem }) };
  }
  const actual = `${algorithm}, said to be signed at ${signature.signingTime.toISOString()}`;
  return { outcome: pass({ expected, actual }), signer };
}

/** Judges every chain from the signer upwards and reports the best: a trusted one before all, then the soundest. */
function checkChain(
  signer: ParsedCertificate,
  signature: CmsSignature,
  anchors: AnchorIndex,
  options: VerifyOptions,
): CheckOutcomes {
  const { paths, problems } = findPaths(signer, signature.certificates, anchors);
  const judged = paths.map((path) => judgePath(path, options)).sort((a, b) => failures(a) - failures(b));
  const best = judged.find(({ trust }) => trust?.status === "pass") ?? judged[0];
  return (
    best ?? {
      chain: fail("chain_invalid", {
        expected: "every certificate issued by the next",
        actual: problems[0] ?? "no chain can be built",
        ...(problems.length > 1 ? { detail: problems.slice(1, 4).join("; ") } : {}),
      }),
    }
  );
}

function judgePath(path: CertificatePath, { at, trust, tenantId }: VerifyOptions): CheckOutcomes {
  return {
    chain: pass({
      expected: "every certificate issued by the next",
      actual: path.certificates.map(({ subject }) => subject).join(" ← "),
    }),
    validity: checkValidity(path, at),
    key_usage: checkKeyUsage(path.certificates),
    revocation: checkRevocation(path, trust.revocations, at),
    trust: checkTrust(path, tenantId),
  };
}

function failures(outcomes: CheckOutcomes): number {
  return Object.values(outcomes).filter(({ status }) => status === "fail").length;
}
