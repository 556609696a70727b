import { AsnConvert } from "@peculiar/asn1-schema";
import {
  AuthorityKeyIdentifier,
  BasicConstraints,
  ExtendedKeyUsage,
  type Extension,
  id_ce_authorityKeyIdentifier,
  id_ce_basicConstraints,
  id_ce_certificatePolicies,
  id_ce_extKeyUsage,
  id_ce_keyUsage,
  id_ce_subjectAltName,
  id_ce_subjectKeyIdentifier,
  KeyUsage,
  SubjectKeyIdentifier,
} from "@peculiar/asn1-x509";
import { EncodingError } from "./encoding-error.ts";

/** The extensions that decide what a certificate may be used for. Absent means that it does not say. */
export interface CertificateExtensions {
  readonly isCa: boolean;
  readonly pathLength?: number;
  readonly keyUsage?: readonly string[];
  /** Object identifiers. */
  readonly extendedKeyUsage?: readonly string[];
  /** Lowercase hex. */
  readonly subjectKeyId?: string;
  readonly authorityKeyId?: string;
  /** Critical extensions that nobody here understands; RFC 5280 says to refuse the certificate. */
  readonly unknownCritical: readonly string[];
}

/** Known, and without a say in whether a publisher may sign. */
const HARMLESS: ReadonlySet<string> = new Set([id_ce_subjectAltName, id_ce_certificatePolicies]);

/** Reads the extensions of one certificate. Throws `EncodingError` for a repeated or unreadable one. */
export function readExtensions(extensions: readonly Extension[]): CertificateExtensions {
  const byId = new Map<string, Extension>();
  for (const extension of extensions) {
    if (byId.has(extension.extnID)) throw new EncodingError("a certificate repeats an extension");
    byId.set(extension.extnID, extension);
  }
  const read = <T>(id: string, type: new () => T): T | undefined => {
    const extension = byId.get(id);
    byId.delete(id);
    return extension === undefined ? undefined : AsnConvert.parse(extension.extnValue.buffer, type);
  };
  const constraints = read(id_ce_basicConstraints, BasicConstraints);
  const keyUsage = read(id_ce_keyUsage, KeyUsage);
  const extendedKeyUsage = read(id_ce_extKeyUsage, ExtendedKeyUsage);
  const subjectKeyId = read(id_ce_subjectKeyIdentifier, SubjectKeyIdentifier);
  const authorityKeyId = read(id_ce_authorityKeyIdentifier, AuthorityKeyIdentifier)?.keyIdentifier;
  const unknownCritical = [...byId.values()]
    .filter(({ critical, extnID }) => critical && !HARMLESS.has(extnID))
    .map(({ extnID }) => extnID);
  return {
    isCa: constraints?.cA ?? false,
    ...(constraints?.pathLenConstraint === undefined ? {} : { pathLength: constraints.pathLenConstraint }),
    ...(keyUsage ? { keyUsage: keyUsage.toJSON() } : {}),
    ...(extendedKeyUsage ? { extendedKeyUsage: [...extendedKeyUsage] } : {}),
    ...(subjectKeyId ? { subjectKeyId: hex(subjectKeyId.buffer) } : {}),
    ...(authorityKeyId ? { authorityKeyId: hex(authorityKeyId.buffer) } : {}),
    unknownCritical,
  };
}

function hex(buffer: ArrayBuffer): string {
  return Buffer.from(buffer).toString("hex");
}
