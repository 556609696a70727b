import type { KeyObject } from "node:crypto";
import { SigningError } from "../errors.ts";
import {
  certificatePem,
  isSelfIssued,
  type ParsedCertificate,
  parseCertificate,
  publicKeyFingerprint,
} from "../x509/certificate.ts";
import { EncodingError } from "../x509/encoding-error.ts";
import { readPemBlocks } from "../x509/pem.ts";

/** Certificates of a PEM text; other blocks are ignored. Throws `SigningError` `corrupt_certificate`. */
export function readCertificates(pem: string): ParsedCertificate[] {
  return parseCertificates(() =>
    readPemBlocks(pem)
      .filter(({ label }) => label === "CERTIFICATE")
      .map(({ der }) => der),
  );
}

/** Reads DER certificates. Throws `SigningError` `corrupt_certificate`. */
export function parseCertificates(ders: () => readonly Uint8Array[]): ParsedCertificate[] {
  try {
    return ders().map(parseCertificate);
  } catch (error) {
    if (!(error instanceof EncodingError)) throw error;
    throw new SigningError({
      code: "corrupt_certificate",
      message: `The certificate cannot be used: ${error.message}.`,
      hint: "Export it again from where it came from.",
    });
  }
}

/**
 * The chain of a public key out of certificates in any order: its own first, then each one's issuer as far as they
 * go. Throws `certificate_mismatch` when none is for the key.
 */
export function chainFor(
  publicKey: KeyObject,
  certificates: readonly ParsedCertificate[],
): ParsedCertificate[] {
  const keyFingerprint = publicKeyFingerprint(publicKey);
  const leaf = certificates.find((certificate) => certificate.keyFingerprint === keyFingerprint);
  if (leaf === undefined) {
    throw new SigningError({
      code: "certificate_mismatch",
      message: "The certificate was made for another key.",
      details: {
        expected: `a certificate for the public key ${keyFingerprint}`,
        actual: certificates.map((certificate) => certificate.keyFingerprint),
      },
      hint: "Choose the certificate that was issued for this key's request.",
    });
  }
  const chain = [leaf];
  for (let last: ParsedCertificate | undefined = leaf; last !== undefined && !isSelfIssued(last); ) {
    const subject: ParsedCertificate = last;
    last = certificates.find(
      (one) =>
        one.subjectDer === subject.issuerDer && !chain.includes(one) && subject.isSignedBy(one.publicKey),
    );
    if (last) chain.push(last);
  }
  return chain;
}

/** PEM of a chain, the key's own certificate first. */
export function chainPem(chain: readonly ParsedCertificate[]): string {
  return chain.map(certificatePem).join("");
}
