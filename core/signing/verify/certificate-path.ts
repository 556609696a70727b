import type { TrustAnchor } from "../../contract/trust.ts";
import { isSelfIssued, type ParsedCertificate } from "../x509/certificate.ts";
import { describePublicKey } from "../x509/public-key.ts";
import { isAcceptedCertificateSignature } from "./signature-algorithm.ts";
import type { AnchorIndex } from "./trust-anchors.ts";

/** Certificates in one chain, from the signer's to the anchor's. */
const MAX_PATH_LENGTH = 8;
/** Signatures on certificates that one verification checks; crossed certificates could multiply them. */
const MAX_SIGNATURE_CHECKS = 64;
const MAX_PATHS = 16;

/** One way from the signer's certificate upwards. */
export interface CertificatePath {
  /** The signer's first. */
  readonly certificates: readonly ParsedCertificate[];
  /** Trust entries that hold the last certificate, or the signer's own key. Empty: the path leads to no anchor. */
  readonly anchors: readonly TrustAnchor[];
  readonly end: "anchor" | "self_signed" | "issuer_missing";
}

export interface PathSearch {
  readonly paths: readonly CertificatePath[];
  /** Why certificates that looked like issuers were not. */
  readonly problems: readonly string[];
}

/**
 * Finds every chain from the signer's certificate: each certificate issued (name, key identifiers, signature) by the
 * next, which must be a CA allowed to do so. A chain ends at an anchor, at a self-signed certificate, or where no
 * issuer is known. An issuer that is known and not allowed gives a problem and no path.
 */
export function findPaths(
  signer: ParsedCertificate,
  embedded: readonly ParsedCertificate[],
  anchors: AnchorIndex,
): PathSearch {
  if (signer.unknownCritical.length > 0) {
    return { paths: [], problems: [`${signer.subject} has a critical extension that is not understood`] };
  }
  const paths: CertificatePath[] = [];
  const problems = new Set<string>();
  let checks = 0;

  const extend = (certificates: readonly ParsedCertificate[], last: ParsedCertificate): void => {
    if (paths.length >= MAX_PATHS) return;
    const isRoot = isSelfIssued(last) && isSoundlySignedBy(last, last);
    const matching = [
      ...anchors.certificateAnchors(last),
      // A pinned key vouches for its own words only: a certificate that it signed, or that another authority made.
      ...(certificates.length === 1 && (isRoot || !isSelfIssued(last)) ? anchors.keyAnchors(last) : []),
    ];
    if (matching.length > 0) paths.push({ certificates, anchors: matching, end: "anchor" });
    if (isRoot) {
      if (matching.length === 0) paths.push({ certificates, anchors: [], end: "self_signed" });
      return;
    }
    const candidates = distinct([...embedded, ...anchors.issuersOf(last)]).filter(
      (one) =>
        isNamedIssuer(last, one) && !certificates.some(({ fingerprint }) => fingerprint === one.fingerprint),
    );
    if (candidates.length === 0 && matching.length === 0) {
      if (isSelfIssued(last)) problems.add(`${last.subject} names itself as issuer but did not sign itself`);
      else paths.push({ certificates, anchors: [], end: "issuer_missing" });
    }
    if (candidates.length > 0 && certificates.length >= MAX_PATH_LENGTH) {
      problems.add(`the chain is longer than ${MAX_PATH_LENGTH} certificates`);
      return;
    }
    for (const issuer of candidates) {
      checks += 1;
      const problem =
        checks > MAX_SIGNATURE_CHECKS
          ? "the chain is too tangled to check"
          : issuingProblem(certificates, last, issuer);
      if (problem === undefined) extend([...certificates, issuer], issuer);
      else problems.add(problem);
    }
  };
  extend([signer], signer);
  return { paths, problems: [...problems] };
}

export function distinct(certificates: readonly ParsedCertificate[]): ParsedCertificate[] {
  return [...new Map(certificates.map((one) => [one.fingerprint, one])).values()];
}

/** Why `issuer` did not or must not issue `subject`, the last of `below`; `undefined` when it did and may. */
function issuingProblem(
  below: readonly ParsedCertificate[],
  subject: ParsedCertificate,
  issuer: ParsedCertificate,
): string | undefined {
  const name = issuer.subject;
  if (!issuer.isCa) return `${name} issued a certificate but is not a certificate authority`;
  if (issuer.keyUsage && !issuer.keyUsage.includes("keyCertSign")) {
    return `${name} issued a certificate but its key usage does not permit that`;
  }
  // The signer's own certificate does not count, nor do self-issued ones (RFC 5280, 4.2.1.9).
  const between = below.slice(1).filter((one) => !isSelfIssued(one)).length;
  if (issuer.pathLength !== undefined && between > issuer.pathLength) {
    return `${name} permits ${issuer.pathLength} further authorities below it, and there are ${between}`;
  }
  if (issuer.unknownCritical.length > 0) return `${name} has a critical extension that is not understood`;
  const { problem } = describePublicKey(issuer.publicKey);
  if (problem !== undefined) return `${name} has ${problem}`;
  return isSoundlySignedBy(subject, issuer)
    ? undefined
    : `the signature on ${subject.subject} was not made by ${name}, or not with an accepted algorithm`;
}

/** The issuer by name, and by key where both say which: an authority may have had several keys. */
function isNamedIssuer(subject: ParsedCertificate, issuer: ParsedCertificate): boolean {
  if (subject.issuerDer !== issuer.subjectDer) return false;
  const { authorityKeyId } = subject;
  return !authorityKeyId || !issuer.subjectKeyId || authorityKeyId === issuer.subjectKeyId;
}

function isSoundlySignedBy(subject: ParsedCertificate, issuer: ParsedCertificate): boolean {
  return isAcceptedCertificateSignature(subject.signatureAlgorithm) && subject.isSignedBy(issuer.publicKey);
}
