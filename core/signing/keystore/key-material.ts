import { createPublicKey, type KeyObject } from "node:crypto";
import { AsnConvert } from "@peculiar/asn1-schema";
import { Name } from "@peculiar/asn1-x509";
import type { Ids } from "../../platform/ids.ts";
import { chainPem } from "../certificate/chain.ts";
import type { ParsedCertificate } from "../x509/certificate.ts";
import { formatName } from "../x509/name.ts";
import type { KeyRecord } from "./key-record.ts";
import type { CertificateColumns } from "./key-repository.ts";

const SERIAL_BYTES = 16;

/** What a key's row says of its certificate; without one, of the subject that was asked for. */
export function certificateColumns(key: {
  readonly chain: readonly ParsedCertificate[];
  readonly subject?: Name | undefined;
  readonly issuerKeyId?: string | undefined;
}): CertificateColumns {
  const [leaf] = key.chain;
  return {
    subject: leaf?.subject ?? (key.subject ? formatName(key.subject) : ""),
    fingerprint_sha256: leaf?.fingerprint ?? null,
    not_after: leaf?.notAfter.toISOString() ?? null,
    is_ca: leaf?.isCa ?? false,
    issuer_key_id: key.issuerKeyId ?? null,
    certificate_chain: chainPem(key.chain),
  };
}

/** The local authority that issued a chain's first certificate, if it is one of ours. */
export function ownIssuer(
  records: readonly KeyRecord[],
  [, issuer]: readonly ParsedCertificate[],
): string | undefined {
  if (issuer === undefined) return undefined;
  return records.find((record) => record.is_ca && record.fingerprint_sha256 === issuer.fingerprint)?.id;
}

/** A positive random serial number, hex. */
export function newSerial(ids: Ids): string {
  const bytes = Buffer.from(ids.token(SERIAL_BYTES), "base64url");
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes.toString("hex");
}

/** The name as the certificate encodes it. */
export function subjectName(certificate: ParsedCertificate): Name {
  return AsnConvert.parse(Buffer.from(certificate.subjectDer, "base64"), Name);
}

export function publicPem(privateKey: KeyObject): string {
  return createPublicKey(privateKey).export({ type: "spki", format: "pem" }).toString();
}
