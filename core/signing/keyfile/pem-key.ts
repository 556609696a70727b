import { createPrivateKey, type KeyObject } from "node:crypto";
import { EncryptedPrivateKeyInfo } from "@peculiar/asn1-pkcs8";
import { AsnConvert } from "@peculiar/asn1-schema";
import type { PemBlock } from "../x509/pem.ts";
import { passphraseRequired, wrongPassphrase } from "./passphrase.ts";
import { decryptLegacyPem, decryptLegacyPkcs8 } from "./pkcs12-legacy.ts";
import { corruptKeyFile, unsupportedKeyFormat } from "./private-key.ts";
import { requireBearableWork } from "./work-limit.ts";

const PLAIN_TYPES = { "PRIVATE KEY": "pkcs8", "RSA PRIVATE KEY": "pkcs1", "EC PRIVATE KEY": "sec1" } as const;
type PlainLabel = keyof typeof PLAIN_TYPES;
const ENCRYPTED_LABEL = "ENCRYPTED PRIVATE KEY";

export function isPrivateKeyBlock({ label }: PemBlock): boolean {
  return label === ENCRYPTED_LABEL || label in PLAIN_TYPES;
}

/** Reads the private key of one PEM block: PKCS #8, PKCS #1 or SEC 1, plain or encrypted, in the old way too. */
export function readPemKey(block: PemBlock, passphrase: string | undefined): KeyObject {
  if (block.label === ENCRYPTED_LABEL) return readEncryptedPkcs8(block.der, passphrase);
  if (/^Proc-Type:.*ENCRYPTED/m.test(block.headers)) return readLegacyPem(block, passphrase);
  if (isPlainLabel(block.label)) return readPlainKey(block.der, PLAIN_TYPES[block.label]);
  throw unsupportedKeyFormat("its PEM block is no private key");
}

/** Reads an unencrypted private key in DER. */
export function readPlainKey(der: Uint8Array, type: (typeof PLAIN_TYPES)[PlainLabel]): KeyObject {
  try {
    return createPrivateKey({ key: Buffer.from(der), format: "der", type });
  } catch (error) {
    if (codeOf(error) === "ERR_OSSL_EVP_UNSUPPORTED")
      throw unsupportedKeyFormat("its kind of key is not known");
    throw corruptKeyFile("the private key in it cannot be read");
  }
}

/** Reads an encrypted PKCS #8 key in DER. */
export function readEncryptedPkcs8(der: Uint8Array, passphrase: string | undefined): KeyObject {
  let info: EncryptedPrivateKeyInfo;
  try {
    info = AsnConvert.parse(der, EncryptedPrivateKeyInfo);
  } catch {
    throw corruptKeyFile("it is not an encrypted PKCS #8 key");
  }
  requireBearableWork(info.encryptionAlgorithm);
  if (passphrase === undefined) throw passphraseRequired();
  return decrypt(
    () => createPrivateKey({ key: Buffer.from(der), format: "der", type: "pkcs8", passphrase }),
    () => decryptLegacyPkcs8(der, passphrase),
  );
}

function readLegacyPem(block: PemBlock, passphrase: string | undefined): KeyObject {
  if (passphrase === undefined) throw passphraseRequired();
  return decrypt(
    () => createPrivateKey({ key: block.pem, format: "pem", passphrase }),
    () => decryptLegacyPem(block.pem, passphrase),
  );
}

/** Asks OpenSSL first; ciphers that it has put away are asked of node-forge. */
function decrypt(withOpenSsl: () => KeyObject, withForge: () => KeyObject | undefined): KeyObject {
  try {
    return withOpenSsl();
  } catch (error) {
    if (codeOf(error) !== "ERR_OSSL_EVP_UNSUPPORTED") {
      // What decrypts to nonsense (one wrong passphrase in 256 passes the padding) fails as a wrong passphrase too.
      throw wrongPassphrase();
    }
  }
  const key = withForge();
  if (key === undefined) throw unsupportedKeyFormat("it is encrypted with a cipher that is not supported");
  return key;
}

function isPlainLabel(label: string): label is PlainLabel {
  return label in PLAIN_TYPES;
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
