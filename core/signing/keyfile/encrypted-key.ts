import type { KeyObject } from "node:crypto";
import { EncryptedData, EncryptedPrivateKeyInfo } from "@peculiar/asn1-pkcs8";
import { AsnConvert } from "@peculiar/asn1-schema";
import { toPem } from "../x509/pem.ts";
import { encryptPbes2 } from "./pbes2.ts";

/** PKCS #8 EncryptedPrivateKeyInfo, DER. The plain encoding is wiped. */
export async function encryptPrivateKey(key: KeyObject, passphrase: string): Promise<Uint8Array> {
  const plain = key.export({ type: "pkcs8", format: "der" });
  const { algorithm, ciphertext } = await encryptPbes2(plain, passphrase);
  plain.fill(0);
  const info = new EncryptedPrivateKeyInfo({
    encryptionAlgorithm: algorithm,
    encryptedData: new EncryptedData(ciphertext),
  });
  return new Uint8Array(AsnConvert.serialize(info));
}

export async function encryptedPrivateKeyPem(key: KeyObject, passphrase: string): Promise<string> {
  return toPem("ENCRYPTED PRIVATE KEY", await encryptPrivateKey(key, passphrase));
}
