import {
  type Attribute,
  CMSVersion,
  ContentInfo,
  SignedData,
  type SignerIdentifier,
  type SignerInfo,
} from "@peculiar/asn1-cms";
import { AsnConvert, OctetString } from "@peculiar/asn1-schema";
import { type AlgorithmIdentifier, Time } from "@peculiar/asn1-x509";
import { fromBER, ObjectIdentifier } from "asn1js";
import { MAX_SIGNATURE_BYTES } from "../../contract/limits.ts";
import { type ParsedCertificate, parseEmbeddedCertificate, serialHex } from "../x509/certificate.ts";
import { EncodingError } from "../x509/encoding-error.ts";
import { OID } from "../x509/oids.ts";
import { readSinglePem } from "../x509/pem.ts";
import { signedAttributesDer } from "../x509/signed-attributes.ts";
import { type DigestName, digestOf, type SignatureScheme, schemeOf } from "./signature-algorithm.ts";

/** Certificates that a signature may carry; a chain has three or four. */
const MAX_EMBEDDED_CERTIFICATES = 16;

/** A detached CMS signature with one signer, read and found to have the contract's shape. Nothing is verified yet. */
export interface CmsSignature {
  readonly digest: DigestName;
  readonly messageDigest: Uint8Array;
  /** The signer's claim, not evidence. */
  readonly signingTime: Date;
  /** What the signature value covers: the DER of the signed attributes. */
  readonly signedBytes: Uint8Array;
  readonly scheme: SignatureScheme;
  readonly value: Uint8Array;
  readonly certificates: readonly ParsedCertificate[];
  isSigner(certificate: ParsedCertificate): boolean;
}

/**
 * Reads a `SIGNATURE`: PEM labelled CMS, canonical DER, SignedData without content, exactly one signer, signed
 * attributes contentType, messageDigest and signingTime, SHA-2 throughout. Throws `EncodingError` with the reason.
 */
export function readCmsSignature(pem: string): CmsSignature {
  if (pem.length > MAX_SIGNATURE_BYTES) {
    throw new EncodingError(`the signature is longer than ${MAX_SIGNATURE_BYTES} bytes`);
  }
  const der = readSinglePem(pem, "CMS");
  const signedData = readSignedData(der);
  if (signedData.encapContentInfo.eContentType !== OID.data) {
    throw new EncodingError("the signature is not over plain data");
  }
  if (signedData.encapContentInfo.eContent !== undefined) {
    throw new EncodingError("the signature carries its own content instead of being detached");
  }
  const [signerInfo, ...others] = signedData.signerInfos;
  if (signerInfo === undefined) throw new EncodingError("the signature has no signer");
  if (others.length > 0) throw new EncodingError("the signature has more than one signer");
  return { ...readSigner(signerInfo, signedData), certificates: readCertificates(signedData) };
}

/** Re-encoding must give the same bytes: then nothing was there that was not understood, and nothing twice. */
function readSignedData(der: Uint8Array): SignedData {
  let contentInfo: ContentInfo;
  let signedData: SignedData;
  let canonical: boolean;
  try {
    contentInfo = AsnConvert.parse(der, ContentInfo);
    signedData = AsnConvert.parse(contentInfo.content, SignedData);
    canonical =
      Buffer.from(AsnConvert.serialize(contentInfo)).equals(der) &&
      Buffer.from(AsnConvert.serialize(signedData)).equals(Buffer.from(contentInfo.content));
  } catch {
    throw new EncodingError("the signature is not a CMS SignedData structure");
  }
  if (contentInfo.contentType !== OID.signedData)
    throw new EncodingError("the CMS content is not SignedData");
  if (!canonical) throw new EncodingError("the signature is not in canonical DER");
  return signedData;
}

function readSigner(signer: SignerInfo, signedData: SignedData): Omit<CmsSignature, "certificates"> {
  const digest = digestOf(signer.digestAlgorithm);
  if (!signedData.digestAlgorithms.some((algorithm) => sameAlgorithm(algorithm, signer.digestAlgorithm))) {
    throw new EncodingError("the signer's digest algorithm is not declared");
  }
  const expectedVersion = signer.sid.issuerAndSerialNumber ? CMSVersion.v1 : CMSVersion.v3;
  // RFC 5652, 5.1 and 5.3: over plain data, and without other kinds of certificates, both have the same version.
  if (signer.version !== expectedVersion || signedData.version !== expectedVersion)
    throw new EncodingError("a version does not fit the signer's identifier");
  const attributes = signer.signedAttrs;
  if (attributes === undefined || attributes.length === 0) {
    throw new EncodingError("the signature has no signed attributes");
  }
  if (contentTypeOf(attributes) !== OID.data) {
    throw new EncodingError("the signed content type is not the content's");
  }
  return {
    digest,
    messageDigest: readValue(
      attributes,
      OID.messageDigest,
      "messageDigest",
      (value) => new Uint8Array(AsnConvert.parse(value, OctetString).buffer),
    ),
    signingTime: readValue(attributes, OID.signingTime, "signingTime", (value) =>
      AsnConvert.parse(value, Time).getTime(),
    ),
    signedBytes: signedAttributesDer(attributes),
    scheme: schemeOf(signer.signatureAlgorithm, digest),
    value: new Uint8Array(signer.signature.buffer),
    isSigner: (certificate) => identifies(signer.sid, certificate),
  };
}

/** The one value of the one attribute of this type: a repeated attribute would let two readers see two values. */
function readValue<T>(
  attributes: readonly Attribute[],
  type: string,
  name: string,
  read: (value: ArrayBuffer) => T,
): T {
  const found = attributes.filter(({ attrType }) => attrType === type);
  const [value, ...more] = found.flatMap(({ attrValues }) => attrValues);
  if (found.length !== 1 || value === undefined || more.length > 0) {
    throw new EncodingError(`the signed attribute ${name} is not there exactly once`);
  }
  try {
    return read(value);
  } catch {
    throw new EncodingError(`the signed attribute ${name} cannot be read`);
  }
}

function contentTypeOf(attributes: readonly Attribute[]): string {
  return readValue(attributes, OID.contentType, "contentType", (value) => {
    const parsed = fromBER(value).result;
    return parsed instanceof ObjectIdentifier ? parsed.valueBlock.toString() : "";
  });
}

function identifies(sid: SignerIdentifier, certificate: ParsedCertificate): boolean {
  const named = sid.issuerAndSerialNumber;
  if (named) {
    const issuerDer = Buffer.from(AsnConvert.serialize(named.issuer)).toString("base64");
    return issuerDer === certificate.issuerDer && serialHex(named.serialNumber) === certificate.serial;
  }
  const keyId = sid.subjectKeyIdentifier;
  return keyId !== undefined && Buffer.from(keyId.buffer).toString("hex") === certificate.subjectKeyId;
}

function readCertificates(signedData: SignedData): ParsedCertificate[] {
  const choices = signedData.certificates ?? [];
  if (choices.length > MAX_EMBEDDED_CERTIFICATES) {
    throw new EncodingError(`the signature carries more than ${MAX_EMBEDDED_CERTIFICATES} certificates`);
  }
  return choices.map(({ certificate }) => {
    if (certificate === undefined)
      throw new EncodingError("the signature carries something that is no certificate");
    return parseEmbeddedCertificate(certificate);
  });
}

function sameAlgorithm(one: AlgorithmIdentifier, other: AlgorithmIdentifier): boolean {
  return one.algorithm === other.algorithm;
}
