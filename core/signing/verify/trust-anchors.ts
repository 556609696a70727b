import { createPublicKey } from "node:crypto";
import type { TrustAnchor } from "../../contract/trust.ts";
import { type ParsedCertificate, parseCertificate, publicKeyFingerprint } from "../x509/certificate.ts";
import { readSinglePem } from "../x509/pem.ts";

/** Anchors indexed by what they vouch for. */
export interface AnchorIndex {
  /** Certificates of the trust list, for building paths. */
  readonly certificates: readonly ParsedCertificate[];
  /** Entries that hold exactly this certificate. */
  certificateAnchors(certificate: ParsedCertificate): readonly TrustAnchor[];
  /** Entries that hold exactly this certificate's public key. */
  keyAnchors(certificate: ParsedCertificate): readonly TrustAnchor[];
}

/**
 * Reads a snapshot's anchors. An entry that cannot be read throws: trust entries were checked when they came in,
 * and a list that has changed since must stop the verification, not shrink.
 */
export function indexAnchors(anchors: readonly TrustAnchor[]): AnchorIndex {
  const certificates = new Map<string, ParsedCertificate>();
  const byCertificate = new Map<string, TrustAnchor[]>();
  const byKey = new Map<string, TrustAnchor[]>();
  for (const anchor of anchors) {
    if (anchor.kind === "certificate") {
      const certificate = parseCertificate(readSinglePem(anchor.pem, "CERTIFICATE"));
      certificates.set(certificate.fingerprint, certificate);
      append(byCertificate, certificate.fingerprint, anchor);
    } else {
      append(byKey, publicKeyFingerprint(createPublicKey(anchor.pem)), anchor);
    }
  }
  return {
    certificates: [...certificates.values()],
    certificateAnchors: ({ fingerprint }) => byCertificate.get(fingerprint) ?? [],
    keyAnchors: ({ keyFingerprint }) => byKey.get(keyFingerprint) ?? [],
  };
}

/** True when the entry counts for the tenant; without a tenant every scope counts. */
export function isInScope(anchor: TrustAnchor, tenantId: string | undefined): boolean {
  return anchor.tenants === null || tenantId === undefined || anchor.tenants.includes(tenantId);
}

function append(index: Map<string, TrustAnchor[]>, key: string, anchor: TrustAnchor): void {
  index.set(key, [...(index.get(key) ?? []), anchor]);
}
