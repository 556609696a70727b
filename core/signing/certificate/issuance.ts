// First: the certificate library's dependency container reads metadata that this adds.
import "reflect-metadata";
import { createPublicKey, type KeyObject, webcrypto } from "node:crypto";
import { AsnConvert } from "@peculiar/asn1-schema";
import { Name as AsnName } from "@peculiar/asn1-x509";
import * as x509 from "@peculiar/x509";
import { type KeyAlgorithm, webCryptoNames } from "../key-algorithm.ts";
import { type ParsedCertificate, parseCertificate } from "../x509/certificate.ts";
import { OID } from "../x509/oids.ts";

/** A private key with the certificate, if any, in whose name it signs. */
export interface IssuerKey {
  readonly algorithm: KeyAlgorithm;
  readonly privateKey: KeyObject;
}

export interface IssueOptions {
  readonly subject: AsnName;
  readonly publicKey: KeyObject;
  readonly publicKeyAlgorithm: KeyAlgorithm;
  readonly isCa: boolean;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** Hex. */
  readonly serial: string;
  readonly signingKey: IssuerKey;
  /** Absent: self-signed. */
  readonly issuer?: ParsedCertificate;
}

/** Signs a certificate: a code-signing one, or an authority's that may issue such and no further authorities. */
export async function issueCertificate(options: IssueOptions): Promise<ParsedCertificate> {
  const { issuer, signingKey, isCa } = options;
  const subject = new x509.Name(options.subject);
  const publicKey = publicCryptoKey(options.publicKey, options.publicKeyAlgorithm);
  const issuerPublicKey = publicCryptoKey(createPublicKey(signingKey.privateKey), signingKey.algorithm);
  const certificate = await x509.X509CertificateGenerator.create(
    {
      serialNumber: options.serial,
      subject,
      issuer: issuer === undefined ? subject : issuerName(issuer),
      notBefore: options.notBefore,
      notAfter: options.notAfter,
      publicKey,
      signingKey: signingCryptoKey(signingKey),
      signingAlgorithm: webCryptoNames(signingKey.algorithm).signature,
      extensions: [
        new x509.BasicConstraintsExtension(isCa, isCa ? 0 : undefined, true),
        ...usageExtensions(isCa),
        await x509.SubjectKeyIdentifierExtension.create(publicKey, false, webcrypto),
        await x509.AuthorityKeyIdentifierExtension.create(issuerPublicKey, false, webcrypto),
      ],
    },
    webcrypto,
  );
  return parseCertificate(new Uint8Array(certificate.rawData));
}

/** A PKCS #10 request for a code-signing certificate, in PEM, signed with the key itself. */
export async function createRequest(subject: AsnName, key: IssuerKey): Promise<string> {
  const request = await x509.Pkcs10CertificateRequestGenerator.create(
    {
      name: new x509.Name(subject),
      keys: {
        privateKey: signingCryptoKey(key),
        publicKey: publicCryptoKey(createPublicKey(key.privateKey), key.algorithm),
      },
      signingAlgorithm: webCryptoNames(key.algorithm).signature,
      extensions: usageExtensions(false),
    },
    webcrypto,
  );
  return `${request.toString("pem")}\n`;
}

function usageExtensions(isCa: boolean): x509.Extension[] {
  if (isCa) {
    return [new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true)];
  }
  return [
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
    new x509.ExtendedKeyUsageExtension([OID.codeSigning]),
  ];
}

/** The issuer's name exactly as its certificate encodes it, so that chains match byte for byte. */
function issuerName(issuer: ParsedCertificate): x509.Name {
  return new x509.Name(AsnConvert.parse(Buffer.from(issuer.subjectDer, "base64"), AsnName));
}

function signingCryptoKey({ privateKey, algorithm }: IssuerKey): webcrypto.CryptoKey {
  return privateKey.toCryptoKey(webCryptoNames(algorithm).key, false, ["sign"]);
}

function publicCryptoKey(key: KeyObject, algorithm: KeyAlgorithm): webcrypto.CryptoKey {
  return key.toCryptoKey(webCryptoNames(algorithm).key, true, ["verify"]);
}
