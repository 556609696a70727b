import { type KeyObject, randomBytes } from "node:crypto";
import { ContentInfo, EncryptedContentInfo, EncryptedContent as EncryptedOctets } from "@peculiar/asn1-cms";
import {
  AuthenticatedSafe,
  CertBag,
  id_certBag,
  id_pkcs8ShroudedKeyBag,
  id_x509Certificate,
  MacData,
  PFX,
  PKCS12Attribute,
  SafeBag,
  SafeContents,
} from "@peculiar/asn1-pfx";
import { DigestInfo } from "@peculiar/asn1-rsa";
import { AsnConvert, OctetString } from "@peculiar/asn1-schema";
import { AlgorithmIdentifier } from "@peculiar/asn1-x509";
import type { ParsedCertificate } from "../x509/certificate.ts";
import { OID } from "../x509/oids.ts";
import { encryptPrivateKey } from "./encrypted-key.ts";
import { encryptPbes2 } from "./pbes2.ts";
import { EncryptedContent, OID_DATA, OID_ENCRYPTED_DATA } from "./pkcs12-content.ts";
import { pkcs12Mac } from "./pkcs12-mac.ts";

/** Of the MAC, whose key derivation the format fixes. */
const MAC_ITERATIONS = 100_000;
const MAC_SALT_BYTES = 16;
const LOCAL_KEY_ID = "1.2.840.113549.1.9.21";

/**
 * A PKCS #12 file with a key and its chain: PBES2 (AES-256) for both and a SHA-256 MAC, which is what OpenSSL 3
 * writes and reads without its legacy provider. Serves every kind of key.
 */
export async function writePkcs12(
  key: KeyObject,
  chain: readonly ParsedCertificate[],
  passphrase: string,
): Promise<Uint8Array> {
  const bags = chain.map((certificate, index) => certificateBag(certificate, index === 0));
  const certificates = await encryptPbes2(encode(new SafeContents(bags)), passphrase);
  const encrypted = Object.assign(new EncryptedContent(), {
    encryptedContentInfo: new EncryptedContentInfo({
      contentType: OID_DATA,
      contentEncryptionAlgorithm: certificates.algorithm,
      encryptedContent: new EncryptedOctets({ value: new OctetString(certificates.ciphertext) }),
    }),
  });
  const keyBag = new SafeBag({
    bagId: id_pkcs8ShroudedKeyBag,
    bagValue: arrayBuffer(await encryptPrivateKey(key, passphrase)),
    ...localKeyId(chain[0]),
  });
  const safe = encode(
    new AuthenticatedSafe([
      new ContentInfo({ contentType: OID_ENCRYPTED_DATA, content: AsnConvert.serialize(encrypted) }),
      dataContent(encode(new SafeContents([keyBag]))),
    ]),
  );
  return encode(new PFX({ authSafe: dataContent(safe), macData: macOf(safe, passphrase) }));
}

function certificateBag(certificate: ParsedCertificate, isLeaf: boolean): SafeBag {
  const bag = new CertBag({
    certId: id_x509Certificate,
    certValue: AsnConvert.serialize(new OctetString(certificate.der)),
  });
  return new SafeBag({
    bagId: id_certBag,
    bagValue: AsnConvert.serialize(bag),
    ...(isLeaf ? localKeyId(certificate) : {}),
  });
}

/** Ties the key to its certificate, for programs that look for the pair. */
function localKeyId(certificate: ParsedCertificate | undefined): Partial<SafeBag> {
  if (certificate === undefined) return {};
  const value = AsnConvert.serialize(new OctetString(Buffer.from(certificate.fingerprint, "hex")));
  // Its constructor forgets what it is given.
  return {
    bagAttributes: [Object.assign(new PKCS12Attribute(), { attrId: LOCAL_KEY_ID, attrValues: [value] })],
  };
}

function macOf(safe: Uint8Array, passphrase: string): MacData {
  const salt = randomBytes(MAC_SALT_BYTES);
  const mac = pkcs12Mac(safe, { salt, iterations: MAC_ITERATIONS, passphrase });
  return new MacData({
    mac: new DigestInfo({
      digestAlgorithm: new AlgorithmIdentifier({ algorithm: OID.sha256, parameters: null }),
      digest: new OctetString(mac),
    }),
    macSalt: new OctetString(salt),
    iterations: MAC_ITERATIONS,
  });
}

function dataContent(bytes: Uint8Array): ContentInfo {
  return new ContentInfo({ contentType: OID_DATA, content: AsnConvert.serialize(new OctetString(bytes)) });
}

function encode(value: unknown): Uint8Array {
  return new Uint8Array(AsnConvert.serialize(value));
}

function arrayBuffer(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}
