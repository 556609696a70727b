import type { Revocation, TrustAnchor } from "../../contract/trust.ts";
import { isSelfIssued, type ParsedCertificate } from "../x509/certificate.ts";
import { OID } from "../x509/oids.ts";
import type { CertificatePath } from "./certificate-path.ts";
import { type CheckOutcome, fail, pass } from "./report.ts";
import { isInScope } from "./trust-anchors.ts";

/** Every certificate of the path must be valid at the time. */
export function checkValidity({ certificates }: CertificatePath, at: Date): CheckOutcome {
  const actual = at.toISOString();
  for (const { subject, notBefore, notAfter } of certificates) {
    const expected = `${subject}: ${notBefore.toISOString()} to ${notAfter.toISOString()}`;
    if (at < notBefore) return fail("certificate_not_yet_valid", { expected, actual });
    // notAfter is inclusive and has whole seconds.
    if (at.getTime() >= notAfter.getTime() + 1000) return fail("certificate_expired", { expected, actual });
  }
  const [signer] = certificates;
  return pass({
    ...(signer ? { expected: `${signer.notBefore.toISOString()} to ${signer.notAfter.toISOString()}` } : {}),
    actual,
  });
}

/** The signer's certificate must permit digital signatures and, where purposes are limited, code signing. */
export function checkKeyUsage(certificates: readonly ParsedCertificate[]): CheckOutcome {
  const [signer] = certificates;
  if (signer?.keyUsage && !signer.keyUsage.includes("digitalSignature")) {
    return fail("key_usage_invalid", {
      expected: "key usage digitalSignature",
      actual: `key usage ${signer.keyUsage.join(", ") || "none"}`,
    });
  }
  // Purposes of an authority limit what it may issue for.
  const limited = certificates.find(
    ({ extendedKeyUsage }) => extendedKeyUsage && !permitsSigning(extendedKeyUsage),
  );
  if (limited) {
    return fail("key_usage_invalid", {
      expected: "extended key usage codeSigning, any, or no limit",
      actual: `extended key usage ${limited.extendedKeyUsage?.join(", ") || "none"}`,
      detail: `in the certificate of ${limited.subject}`,
    });
  }
  return pass({
    expected: "digitalSignature, codeSigning",
    actual: `${signer?.keyUsage?.join(", ") ?? "key usage not limited"}; ${
      signer?.extendedKeyUsage ? "codeSigning" : "purposes not limited"
    }`,
  });
}

function permitsSigning(usages: readonly string[]): boolean {
  return usages.includes(OID.codeSigning) || usages.includes(OID.anyExtendedKeyUsage);
}

/** No certificate of the path, and no key in it, may be revoked at the time of verification. */
export function checkRevocation(
  { certificates }: CertificatePath,
  revocations: readonly Revocation[],
  at: Date,
): CheckOutcome {
  for (const certificate of certificates) {
    const hit = revocations.find((revocation) => names(revocation, certificate) && hasBegun(revocation, at));
    if (hit) {
      return fail("certificate_revoked", {
        expected: "not revoked",
        actual: `revoked from ${hit.revoked_at} by ${hit.by}`,
        detail: `${certificate.subject}${hit.reason ? `: ${hit.reason}` : ""}`,
      });
    }
  }
  return pass({ expected: "not revoked", actual: `none of ${revocations.length} revocations applies` });
}

/** A date that cannot be read counts as begun: a damaged list must not let anybody in. */
function hasBegun({ revoked_at }: Revocation, at: Date): boolean {
  return !(Date.parse(revoked_at) > at.getTime());
}

function names(revocation: Revocation, certificate: ParsedCertificate): boolean {
  if (revocation.by === "serial") return revocation.value === certificate.serial;
  return revocation.value === certificate.fingerprint || revocation.value === certificate.keyFingerprint;
}

/** The path must lead to an entry of the trust list that counts for the tenant. */
export function checkTrust(path: CertificatePath, tenantId: string | undefined): CheckOutcome {
  const expected =
    tenantId === undefined ? "an entry of the trust list" : `a trust entry for tenant ${tenantId}`;
  const anchor = path.anchors.find((one) => isInScope(one, tenantId));
  const last = path.certificates.at(-1);
  if (anchor === undefined) {
    return fail("untrusted_signer", { expected, actual: withoutAnchor(path, last) });
  }
  const scope = anchor.tenants === null ? "for all tenants" : `only for tenants ${anchor.tenants.join(", ")}`;
  const what = anchor.kind === "public_key" ? "public key" : "certificate";
  return pass({
    expected,
    actual: `${what} ${last?.subject ?? ""} (${anchor.source} list, entry ${anchor.id}), ${scope}`,
    ...trustDetail(anchor, last),
  });
}

/** A bare key vouches for signatures, not for what a certificate that it did not sign says of its owner. */
function trustDetail(anchor: TrustAnchor, last: ParsedCertificate | undefined): { detail?: string } {
  const isClaim = anchor.kind === "public_key" && last !== undefined && !isSelfIssued(last);
  const caution = "the key is pinned; nobody vouches for the name and the dates in its certificate";
  const parts = [...(isClaim ? [caution] : []), ...(anchor.note ? [anchor.note] : [])];
  return parts.length > 0 ? { detail: parts.join("; ") } : {};
}

function withoutAnchor(path: CertificatePath, last: ParsedCertificate | undefined): string {
  if (path.anchors.length > 0) return "trusted for other tenants only";
  if (path.end === "issuer_missing")
    return `the chain ends at ${last?.subject}; its issuer ${last?.issuer} is not known`;
  return `the chain ends at ${last?.subject}, which is not in the trust list`;
}
