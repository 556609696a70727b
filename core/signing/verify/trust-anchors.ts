import { createPublicKey, X509Certificate } from "node:crypto";
import type { TrustAnchor } from "../../contract/trust.ts";
import { type ParsedCertificate, parseCertificate, publicKeyFingerprint } from "../x509/certificate.ts";
import { readSinglePem } from "../x509/pem.ts";

/** Anchors by what they vouch for. Only those that matter to a signature are read in full: lists may be long. */
export interface AnchorIndex {
  /** Every certificate of the list. */
  certificates(): readonly ParsedCertificate[];
  /** Certificates of the list whose subject is the given certificate's issuer. */
  issuersOf(certificate: ParsedCertificate): readonly ParsedCertificate[];
  /** Entries that hold exactly this certificate. */
  certificateAnchors(certificate: ParsedCertificate): readonly TrustAnchor[];
  /** Entries that hold exactly this certificate's public key. */
  keyAnchors(certificate: ParsedCertificate): readonly TrustAnchor[];
}

/**
 * Indexes a snapshot's anchors. An entry that cannot be read throws: trust entries were checked when they came in,
 * and a list that has changed since must stop the verification, not shrink.
 */
export function indexAnchors(anchors: readonly TrustAnchor[]): AnchorIndex {
  const certificates = new Map<string, X509Certificate>();
  const byFingerprint = new Map<string, TrustAnchor[]>();
  const byKey = new Map<string, TrustAnchor[]>();
  for (const anchor of anchors) {
    if (anchor.kind === "certificate") {
      const x509 = new X509Certificate(readSinglePem(anchor.pem, "CERTIFICATE"));
      const fingerprint = x509.fingerprint256.replaceAll(":", "").toLowerCase();
      certificates.set(fingerprint, x509);
      append(byFingerprint, fingerprint, anchor);
    } else {
      append(byKey, publicKeyFingerprint(createPublicKey(anchor.pem)), anchor);
    }
  }
  const read = memoised((x509: X509Certificate) => parseCertificate(x509.raw));
  const all = [...certificates.values()];
  return {
    certificates: () => all.map(read),
    issuersOf: ({ x509, issuerDer }) =>
      all
        .filter(({ subject }) => subject === x509.issuer)
        .map(read)
        .filter(({ subjectDer }) => subjectDer === issuerDer),
    certificateAnchors: ({ fingerprint }) => byFingerprint.get(fingerprint) ?? [],
    keyAnchors: ({ keyFingerprint }) => byKey.get(keyFingerprint) ?? [],
  };
}

/** True when the entry counts for the tenant; without a tenant every scope counts. */
export function isInScope(anchor: TrustAnchor, tenantId: string | undefined): boolean {
  return anchor.tenants === null || tenantId === undefined || anchor.tenants.includes(tenantId);
}

function append(index: Map<string, TrustAnchor[]>, key: string, anchor: TrustAnchor): void {
  const entries = index.get(key);
  if (entries) entries.push(anchor);
  else index.set(key, [anchor]);
}

/** One result per argument: certificates are compared by identity along a path. */
function memoised<Key extends object, Value>(compute: (key: Key) => Value): (key: Key) => Value {
  const known = new Map<Key, Value>();
  return (key) => {
    const value = known.get(key) ?? compute(key);
    known.set(key, value);
    return value;
  };
}
