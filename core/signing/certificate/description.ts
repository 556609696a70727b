import { createHash } from "node:crypto";
import { AsnConvert } from "@peculiar/asn1-schema";
import { Certificate } from "@peculiar/asn1-x509";
import { certificatePem, isSelfIssued, type ParsedCertificate } from "../x509/certificate.ts";
import { OID } from "../x509/oids.ts";
import { describePublicKey } from "../x509/public-key.ts";
import { readCertificates } from "./chain.ts";

/** A certificate as a person reads it. Hex is lowercase, times are ISO 8601. */
export interface CertificateDescription {
  readonly subject: string;
  readonly issuer: string;
  readonly self_signed: boolean;
  readonly serial: string;
  readonly not_before: string;
  readonly not_after: string;
  /** Of its key. */
  readonly algorithm: string;
  readonly signature_algorithm: string;
  readonly is_ca: boolean;
  /** Key usages, then purposes. */
  readonly usages: readonly string[];
  readonly extensions: readonly CertificateExtension[];
  readonly fingerprint_sha256: string;
  readonly fingerprint_sha1: string;
  readonly key_fingerprint_sha256: string;
  readonly pem: string;
}

interface CertificateExtension {
  readonly oid: string;
  readonly name: string;
  readonly critical: boolean;
  readonly value: string;
}

const PURPOSES: Readonly<Record<string, string>> = {
  [OID.codeSigning]: "codeSigning",
  [OID.anyExtendedKeyUsage]: "anyExtendedKeyUsage",
  "1.3.6.1.5.5.7.3.1": "serverAuth",
  "1.3.6.1.5.5.7.3.2": "clientAuth",
  "1.3.6.1.5.5.7.3.4": "emailProtection",
  "1.3.6.1.5.5.7.3.8": "timeStamping",
  "1.3.6.1.5.5.7.3.9": "OCSPSigning",
};

const SIGNATURES: Readonly<Record<string, string>> = {
  [OID.sha256WithRsa]: "RSA with SHA-256",
  [OID.sha384WithRsa]: "RSA with SHA-384",
  [OID.sha512WithRsa]: "RSA with SHA-512",
  [OID.ecdsaWithSha256]: "ECDSA with SHA-256",
  [OID.ecdsaWithSha384]: "ECDSA with SHA-384",
  [OID.ecdsaWithSha512]: "ECDSA with SHA-512",
  [OID.ed25519]: "Ed25519",
};

type Reading = readonly [name: string, read?: (certificate: ParsedCertificate) => string | undefined];

const EXTENSIONS: Readonly<Record<string, Reading>> = {
  "2.5.29.14": ["Subject key identifier", (certificate) => certificate.subjectKeyId],
  "2.5.29.15": ["Key usage", (certificate) => certificate.keyUsage?.join(", ")],
  "2.5.29.17": ["Subject alternative name", (certificate) => certificate.x509.subjectAltName],
  "2.5.29.19": ["Basic constraints", basicConstraints],
  "2.5.29.31": ["CRL distribution points"],
  "2.5.29.32": ["Certificate policies"],
  "2.5.29.35": ["Authority key identifier", (certificate) => certificate.authorityKeyId],
  "2.5.29.37": ["Extended key usage", (certificate) => purposesOf(certificate).join(", ")],
  "1.3.6.1.5.5.7.1.1": ["Authority information access"],
};
/** What is not understood is shown as hex, a certificate's own names as they are; neither may fill a screen. */
const MAX_VALUE_CHARACTERS = 512;

/** Every certificate of a PEM text in its order. Throws `SigningError` `corrupt_certificate`. */
export function describeCertificates(pem: string): CertificateDescription[] {
  return readCertificates(pem).map(describe);
}

function describe(certificate: ParsedCertificate): CertificateDescription {
  return {
    subject: certificate.subject,
    issuer: certificate.issuer,
    self_signed: isSelfIssued(certificate),
    serial: certificate.serial,
    not_before: certificate.notBefore.toISOString(),
    not_after: certificate.notAfter.toISOString(),
    algorithm: describePublicKey(certificate.publicKey).algorithm,
    signature_algorithm: SIGNATURES[certificate.signatureAlgorithm] ?? certificate.signatureAlgorithm,
    is_ca: certificate.isCa,
    usages: [...(certificate.keyUsage ?? []), ...purposesOf(certificate)],
    extensions: extensionsOf(certificate),
    fingerprint_sha256: certificate.fingerprint,
    // Not trusted for anything: the tools that people compare with still print it.
    fingerprint_sha1: createHash("sha1").update(certificate.der).digest("hex"),
    key_fingerprint_sha256: certificate.keyFingerprint,
    pem: certificatePem(certificate),
  };
}

function extensionsOf(certificate: ParsedCertificate): CertificateExtension[] {
  const { extensions = [] } = AsnConvert.parse(certificate.der, Certificate).tbsCertificate;
  return [...extensions].map(({ extnID, critical, extnValue }) => {
    const [name, read] = EXTENSIONS[extnID] ?? ["Unknown extension"];
    const value = read?.(certificate) ?? Buffer.from(extnValue.buffer).toString("hex");
    return { oid: extnID, name, critical, value: shortened(value) };
  });
}

function basicConstraints({ isCa, pathLength }: ParsedCertificate): string {
  const limit = pathLength === undefined ? "" : `, at most ${pathLength} authorities below`;
  return isCa ? `an authority${limit}` : "no authority";
}

function purposesOf({ extendedKeyUsage = [] }: ParsedCertificate): string[] {
  return extendedKeyUsage.map((oid) => PURPOSES[oid] ?? oid);
}

function shortened(value: string): string {
  return value.length > MAX_VALUE_CHARACTERS ? `${value.slice(0, MAX_VALUE_CHARACTERS)}…` : value;
}
