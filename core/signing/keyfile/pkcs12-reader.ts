import { createPrivateKey, type KeyObject } from "node:crypto";
import type { ContentInfo } from "@peculiar/asn1-cms";
import {
  AuthenticatedSafe,
  CertBag,
  id_certBag,
  id_keyBag,
  id_pkcs8ShroudedKeyBag,
  id_x509Certificate,
  PFX,
  type SafeBag,
  SafeContents,
} from "@peculiar/asn1-pfx";
import { EncryptedPrivateKeyInfo } from "@peculiar/asn1-pkcs8";
import { AsnConvert, OctetString } from "@peculiar/asn1-schema";
import type { AlgorithmIdentifier } from "@peculiar/asn1-x509";
import { passphraseRequired, wrongPassphrase } from "./passphrase.ts";
import { decryptPbes2, PBES2_OID } from "./pbes2.ts";
import { EncryptedContent, OID_DATA, OID_ENCRYPTED_DATA } from "./pkcs12-content.ts";
import { readLegacyPkcs12 } from "./pkcs12-legacy.ts";
import { isPkcs12MacValid } from "./pkcs12-mac.ts";
import { corruptKeyFile, unsupportedKeyFormat } from "./private-key.ts";
import { requireBearableMac, requireBearableWork } from "./work-limit.ts";

/** Keys and DER certificates of a key file, as found. */
export interface KeyFileContents {
  readonly keys: readonly KeyObject[];
  readonly certificates: readonly Uint8Array[];
}

/**
 * Reads a PKCS #12 file: PBES2 by `node:crypto`, the older ciphers (RC2, 3DES), which OpenSSL 3 keeps in a provider
 * that Node does not load, by node-forge. Throws `SigningError`: `passphrase_required`, `wrong_passphrase`,
 * `corrupt_key_file`, `unsupported_key_format`.
 */
export async function readPkcs12(der: Uint8Array, passphrase: string | undefined): Promise<KeyFileContents> {
  const { pfx, safe, contents } = readStructure(der);
  const algorithms = contents.flatMap(visibleAlgorithms);
  for (const algorithm of algorithms) requireBearableWork(algorithm);
  if (pfx.macData) {
    requireBearableMac(pfx.macData.iterations);
    const valid = isPkcs12MacValid(pfx.macData, safe, passphrase ?? "");
    if (valid === undefined) throw unsupportedKeyFormat("its checksum uses an unknown digest");
    if (!valid) throw passphrase === undefined ? passphraseRequired() : wrongPassphrase();
  } else if (passphrase === undefined && algorithms.length > 0) {
    throw passphraseRequired();
  }
  if (algorithms.some(({ algorithm }) => algorithm !== PBES2_OID))
    return readLegacyPkcs12(der, passphrase ?? "");
  const keys: KeyObject[] = [];
  const certificates: Uint8Array[] = [];
  for (const content of contents) {
    for (const bag of await openContent(content, passphrase ?? "")) {
      if (bag.bagId === id_certBag) certificates.push(...readCertificateBag(bag));
      if (bag.bagId === id_keyBag) keys.push(toKey(Buffer.from(bag.bagValue)));
      if (bag.bagId === id_pkcs8ShroudedKeyBag) keys.push(await openKeyBag(bag, passphrase ?? ""));
    }
  }
  return { keys, certificates };
}

function readStructure(der: Uint8Array): { pfx: PFX; safe: Uint8Array; contents: ContentInfo[] } {
  try {
    const pfx = AsnConvert.parse(der, PFX);
    const safe = new Uint8Array(AsnConvert.parse(pfx.authSafe.content, OctetString).buffer);
    return { pfx, safe, contents: [...AsnConvert.parse(safe, AuthenticatedSafe)] };
  } catch {
    throw corruptKeyFile("it begins like a PKCS #12 file and does not go on like one");
  }
}

/** Algorithms that can be seen before anything is decrypted. */
function visibleAlgorithms({ contentType, content }: ContentInfo): AlgorithmIdentifier[] {
  return readDamaged(() => {
    if (contentType === OID_ENCRYPTED_DATA) {
      return [AsnConvert.parse(content, EncryptedContent).encryptedContentInfo.contentEncryptionAlgorithm];
    }
    if (contentType !== OID_DATA)
      throw unsupportedKeyFormat("it is protected by a public key, not a passphrase");
    return [...plainBags(content)]
      .filter(({ bagId }) => bagId === id_pkcs8ShroudedKeyBag)
      .map(({ bagValue }) => AsnConvert.parse(bagValue, EncryptedPrivateKeyInfo).encryptionAlgorithm);
  });
}

async function openContent({ contentType, content }: ContentInfo, passphrase: string): Promise<SafeBag[]> {
  if (contentType === OID_DATA) return [...plainBags(content)];
  const { encryptedContentInfo } = AsnConvert.parse(content, EncryptedContent);
  const ciphertext = Buffer.concat(
    [
      ...(encryptedContentInfo.encryptedContent?.constructedValue ?? []),
      encryptedContentInfo.encryptedContent?.value ?? new OctetString(),
    ].map(({ buffer }) => Buffer.from(buffer)),
  );
  const algorithm = encryptedContentInfo.contentEncryptionAlgorithm;
  const plain = await open(algorithm, ciphertext, passphrase);
  return readDamaged(() => [...AsnConvert.parse(plain, SafeContents)]);
}

async function openKeyBag({ bagValue }: SafeBag, passphrase: string): Promise<KeyObject> {
  const info = readDamaged(() => AsnConvert.parse(bagValue, EncryptedPrivateKeyInfo));
  return toKey(await open(info.encryptionAlgorithm, new Uint8Array(info.encryptedData.buffer), passphrase));
}

async function open(
  algorithm: AlgorithmIdentifier,
  ciphertext: Uint8Array,
  passphrase: string,
): Promise<Buffer> {
  requireBearableWork(algorithm);
  let plain: Buffer | undefined;
  try {
    plain = await decryptPbes2({ algorithm, ciphertext }, passphrase);
  } catch {
    throw wrongPassphrase();
  }
  if (plain === undefined)
    throw unsupportedKeyFormat("it is encrypted with an algorithm that is not known here");
  return plain;
}

function plainBags(content: ArrayBuffer): SafeContents {
  return AsnConvert.parse(AsnConvert.parse(content, OctetString).buffer, SafeContents);
}

function readCertificateBag({ bagValue }: SafeBag): Uint8Array[] {
  return readDamaged(() => {
    const { certId, certValue } = AsnConvert.parse(bagValue, CertBag);
    if (certId !== id_x509Certificate) return [];
    return [new Uint8Array(AsnConvert.parse(certValue, OctetString).buffer)];
  });
}

function toKey(pkcs8: Buffer): KeyObject {
  try {
    return createPrivateKey({ key: pkcs8, format: "der", type: "pkcs8" });
  } catch {
    throw corruptKeyFile("the private key in it cannot be read");
  } finally {
    pkcs8.fill(0);
  }
}

function readDamaged<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof Error && error.name === "SigningError") throw error;
    throw corruptKeyFile("a part of the PKCS #12 file cannot be read");
  }
}
