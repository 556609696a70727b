import { createHash, type KeyObject, X509Certificate } from "node:crypto";
import { AsnConvert } from "@peculiar/asn1-schema";
import { Certificate } from "@peculiar/asn1-x509";
import { EncodingError } from "./encoding-error.ts";
import { type CertificateExtensions, readExtensions } from "./extensions.ts";
import { formatName } from "./name.ts";
import { toPem } from "./pem.ts";

/** A certificate read once, with everything that the checks ask of it. Names are compared by their encoding. */
export interface ParsedCertificate extends CertificateExtensions {
  readonly der: Uint8Array;
  readonly x509: X509Certificate;
  readonly subject: string;
  readonly issuer: string;
  readonly subjectDer: string;
  readonly issuerDer: string;
  /** Lowercase hex without leading zeros. */
  readonly serial: string;
  /** Lowercase hex SHA-256 over the DER. */
  readonly fingerprint: string;
  /** Lowercase hex SHA-256 over the SubjectPublicKeyInfo. */
  readonly keyFingerprint: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly signatureAlgorithm: string;
  readonly publicKey: KeyObject;
  /** True when the signature on this certificate was made with that key. */
  isSignedBy(key: KeyObject): boolean;
}

/** Certificates are a few KiB; more is somebody filling memory. */
const MAX_CERTIFICATE_BYTES = 32 * 1024;

/**
 * Reads one DER certificate. OpenSSL (by `node:crypto`) and the ASN.1 library must both accept it, and the bytes
 * must be exactly the canonical encoding of what was understood: two readers that disagree are an attack's way in.
 * Throws `EncodingError`.
 */
export function parseCertificate(der: Uint8Array): ParsedCertificate {
  return refusing(der, () => {
    const certificate = AsnConvert.parse(der, Certificate);
    if (!Buffer.from(AsnConvert.serialize(certificate)).equals(der)) throw notCanonical();
    return read(der, certificate);
  });
}

/** The same for a certificate that stood in a larger structure, which was found to be canonical as a whole. */
export function parseEmbeddedCertificate(certificate: Certificate): ParsedCertificate {
  const der = new Uint8Array(AsnConvert.serialize(certificate));
  return refusing(der, () => read(der, certificate));
}

/** PEM of one certificate. */
export function certificatePem(certificate: ParsedCertificate): string {
  return toPem("CERTIFICATE", certificate.der);
}

/** True when the certificate names itself as its issuer, whoever signed it. */
export function isSelfIssued(certificate: ParsedCertificate): boolean {
  return certificate.issuerDer === certificate.subjectDer;
}

/** Lowercase hex SHA-256 over a public key's SubjectPublicKeyInfo. */
export function publicKeyFingerprint(key: KeyObject): string {
  return sha256(key.export({ type: "spki", format: "der" }));
}

/** Lowercase hex of an integer's bytes, without the sign byte and leading zeros. */
export function serialHex(bytes: ArrayBuffer): string {
  return Buffer.from(bytes)
    .toString("hex")
    .replace(/^0+(?=.)/, "");
}

function refusing(der: Uint8Array, read: () => ParsedCertificate): ParsedCertificate {
  if (der.byteLength > MAX_CERTIFICATE_BYTES) throw new EncodingError("a certificate is too large");
  try {
    return read();
  } catch (error) {
    if (error instanceof EncodingError) throw error;
    throw new EncodingError("a certificate is damaged or uses an encoding or a key that is not supported");
  }
}

function notCanonical(): EncodingError {
  return new EncodingError("a certificate is not in canonical DER");
}

function read(der: Uint8Array, certificate: Certificate): ParsedCertificate {
  const x509 = new X509Certificate(der);
  if (!x509.raw.equals(der)) throw notCanonical();
  const { tbsCertificate } = certificate;
  const { serialNumber, subject, issuer, validity, extensions } = tbsCertificate;
  if (tbsCertificate.signature.algorithm !== certificate.signatureAlgorithm.algorithm) {
    throw new EncodingError("a certificate names two different signature algorithms");
  }
  const { publicKey } = x509;
  return {
    ...readExtensions(extensions ?? []),
    der,
    x509,
    subject: formatName(subject),
    issuer: formatName(issuer),
    subjectDer: encodingOf(subject),
    issuerDer: encodingOf(issuer),
    serial: serialHex(serialNumber),
    fingerprint: sha256(der),
    keyFingerprint: publicKeyFingerprint(publicKey),
    notBefore: validity.notBefore.getTime(),
    notAfter: validity.notAfter.getTime(),
    signatureAlgorithm: certificate.signatureAlgorithm.algorithm,
    publicKey,
    isSignedBy: (key) => {
      try {
        return x509.verify(key);
      } catch {
        // OpenSSL throws for a key of another kind than the signature: not signed by it.
        return false;
      }
    },
  };
}

function encodingOf(value: unknown): string {
  return Buffer.from(AsnConvert.serialize(value)).toString("base64");
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
