import { createPrivateKey, type KeyObject } from "node:crypto";
import forge from "node-forge";
import { wrongPassphrase } from "./passphrase.ts";
import type { KeyFileContents } from "./pkcs12-reader.ts";
import { corruptKeyFile } from "./private-key.ts";

/** Reads a PKCS #12 file with the ciphers of the 1990s: RC2-40 and 3DES, as OpenSSL 1, Java and Windows wrote it. */
export function readLegacyPkcs12(der: Uint8Array, passphrase: string): KeyFileContents {
  const pfx = openWith(der, passphrase);
  const { oids } = forge.pki;
  const bags = (type: string | undefined): forge.pkcs12.Bag[] =>
    type === undefined ? [] : (pfx.getBags({ bagType: type })[type] ?? []);
  return {
    keys: [...bags(oids.pkcs8ShroudedKeyBag), ...bags(oids.keyBag)].map(toKey),
    certificates: bags(oids.certBag).map(certificateDer),
  };
}

/** Decrypts one PKCS #8 key with such a cipher; `undefined` when forge does not know the cipher either. */
export function decryptLegacyPkcs8(der: Uint8Array, passphrase: string): KeyObject | undefined {
  let info: forge.asn1.Asn1 | null;
  try {
    info = forge.pki.decryptPrivateKeyInfo(toAsn1(der), passphrase);
  } catch (error) {
    if (isUnsupported(error)) return undefined;
    throw wrongPassphrase();
  }
  if (info === null) throw wrongPassphrase();
  return fromPkcs8(info, wrongPassphrase);
}

/** Decrypts an RSA key in the PEM of OpenSSL's early days (`DEK-Info`); `undefined` when the cipher is not known. */
export function decryptLegacyPem(pem: string, passphrase: string): KeyObject | undefined {
  let key: forge.pki.rsa.PrivateKey | null;
  try {
    // The types hide that a wrong passphrase gives null.
    key = forge.pki.decryptRsaPrivateKey(pem, passphrase) as forge.pki.rsa.PrivateKey | null;
  } catch (error) {
    if (isUnsupported(error)) return undefined;
    throw wrongPassphrase();
  }
  if (key === null) throw wrongPassphrase();
  return fromPkcs1(key);
}

function openWith(der: Uint8Array, passphrase: string): forge.pkcs12.Pkcs12Pfx {
  try {
    return forge.pkcs12.pkcs12FromAsn1(toAsn1(der), false, passphrase);
  } catch {
    // The MAC was right before this was called, hence what fails now is the file.
    throw corruptKeyFile("a part of the PKCS #12 file cannot be decrypted or read");
  }
}

function toKey(bag: forge.pkcs12.Bag): KeyObject {
  if (bag.key) return fromPkcs1(bag.key as forge.pki.rsa.PrivateKey);
  // Not RSA: forge hands over the PKCS #8 structure.
  return fromPkcs8(bag.asn1, () => corruptKeyFile("the private key in it cannot be read"));
}

function certificateDer(bag: forge.pkcs12.Bag): Uint8Array {
  return toDer(bag.cert ? forge.pki.certificateToAsn1(bag.cert) : bag.asn1);
}

function fromPkcs1(key: forge.pki.rsa.PrivateKey): KeyObject {
  const der = toDer(forge.pki.privateKeyToAsn1(key));
  return createPrivateKey({ key: der, format: "der", type: "pkcs1" });
}

function fromPkcs8(info: forge.asn1.Asn1, failure: () => Error): KeyObject {
  try {
    return createPrivateKey({ key: toDer(info), format: "der", type: "pkcs8" });
  } catch {
    throw failure();
  }
}

function toAsn1(der: Uint8Array): forge.asn1.Asn1 {
  return forge.asn1.fromDer(Buffer.from(der).toString("binary"));
}

function toDer(value: forge.asn1.Asn1): Buffer {
  return Buffer.from(forge.asn1.toDer(value).getBytes(), "binary");
}

function isUnsupported(error: unknown): boolean {
  return error instanceof Error && /unsupported|not supported|unknown/i.test(error.message);
}
