import { hash } from "node:crypto";
import {
  Attribute,
  CertificateChoices,
  CertificateSet,
  CMSVersion,
  ContentInfo,
  DigestAlgorithmIdentifiers,
  EncapsulatedContentInfo,
  IssuerAndSerialNumber,
  SignedData,
  SignerIdentifier,
  SignerInfo,
  SignerInfos,
} from "@peculiar/asn1-cms";
import { AsnConvert, OctetString } from "@peculiar/asn1-schema";
import { AlgorithmIdentifier, Certificate, Time } from "@peculiar/asn1-x509";
import { ObjectIdentifier } from "asn1js";
import type { KeyAlgorithm } from "../key-algorithm.ts";
import { OID } from "../x509/oids.ts";
import { readSinglePem, toPem } from "../x509/pem.ts";
import { inDerOrder, signedAttributesDer } from "../x509/signed-attributes.ts";
import type { Signer } from "./signer.ts";

export interface SignOptions {
  readonly archive: Uint8Array;
  readonly signer: Signer;
  /** Written into the signature as the signer's claim, in whole seconds. */
  readonly signingTime: Date;
}

/**
 * Signs a bundle's archive: PEM (`BEGIN CMS`) of a detached CMS SignedData with the signed attributes contentType,
 * messageDigest (the content hash) and signingTime, and the signer's chain. Stock OpenSSL verifies it for RSA and
 * ECDSA.
 */
export async function signArchive({ archive, signer, signingTime }: SignOptions): Promise<string> {
  const chain = signer.chain.map((pem) => AsnConvert.parse(readSinglePem(pem, "CERTIFICATE"), Certificate));
  const [leaf] = chain;
  if (leaf === undefined) throw new TypeError("A signer without a certificate cannot sign an archive.");
  const digestAlgorithm = new AlgorithmIdentifier({ algorithm: OID.sha256 });
  const signedAttrs = inDerOrder(signedAttributes(hash("sha256", archive, "buffer"), signingTime));
  const { issuer, serialNumber } = leaf.tbsCertificate;
  const signerInfo = new SignerInfo({
    version: CMSVersion.v1,
    sid: new SignerIdentifier({ issuerAndSerialNumber: new IssuerAndSerialNumber({ issuer, serialNumber }) }),
    digestAlgorithm,
    signedAttrs,
    signatureAlgorithm: signatureAlgorithm(signer.algorithm),
    signature: new OctetString(await signer.sign(signedAttributesDer(signedAttrs))),
  });
  const certificates = inDerOrder(chain).map((certificate) => new CertificateChoices({ certificate }));
  const signedData = new SignedData({
    version: CMSVersion.v1,
    digestAlgorithms: new DigestAlgorithmIdentifiers([digestAlgorithm]),
    encapContentInfo: new EncapsulatedContentInfo({ eContentType: OID.data }),
    certificates: new CertificateSet(certificates),
    signerInfos: new SignerInfos([signerInfo]),
  });
  const content = AsnConvert.serialize(signedData);
  return toPem(
    "CMS",
    new Uint8Array(AsnConvert.serialize(new ContentInfo({ contentType: OID.signedData, content }))),
  );
}

function signedAttributes(contentDigest: Uint8Array, signingTime: Date): Attribute[] {
  const attribute = (attrType: string, value: ArrayBuffer): Attribute =>
    new Attribute({ attrType, attrValues: [value] });
  return [
    attribute(OID.contentType, new ObjectIdentifier({ value: OID.data }).toBER()),
    attribute(OID.messageDigest, AsnConvert.serialize(new OctetString(contentDigest))),
    attribute(OID.signingTime, AsnConvert.serialize(new Time(signingTime))),
  ];
}

/** As OpenSSL writes them; the digest is SHA-256 for every key, because the digest is the content hash. */
function signatureAlgorithm(algorithm: KeyAlgorithm): AlgorithmIdentifier {
  switch (algorithm) {
    case "rsa-3072":
    case "rsa-4096":
      return new AlgorithmIdentifier({ algorithm: OID.rsaEncryption, parameters: null });
    case "ecdsa-p256":
    case "ecdsa-p384":
      return new AlgorithmIdentifier({ algorithm: OID.ecdsaWithSha256 });
    case "ed25519":
      return new AlgorithmIdentifier({ algorithm: OID.ed25519 });
  }
}
