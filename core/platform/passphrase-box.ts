import { createHmac, randomBytes, scryptSync, timingSafeEqual } from "node:crypto";
import { readOrCreateKeyMaterial } from "./key-material-file.ts";
import { BOX_KEY_BYTES, openWith, sealWith } from "./sealed-format.ts";
import type { SecretBox } from "./secret-box.ts";
import { SecretBoxError } from "./secret-box-error.ts";

/** OWASP's figures: 128 MiB and about half a second per guess. */
const SCRYPT = { N: 2 ** 17, r: 8, p: 1, maxmem: 256 * 1024 * 1024 } as const;
const SALT_BYTES = 32;
const VERIFIER_BYTES = 32;

/**
 * A box whose key is derived from a passphrase with scrypt. `saltFile` holds the salt and a verifier, both useless
 * without the passphrase; the first passphrase ever given makes it. Throws `box_wrong_passphrase` for another one.
 */
export function createPassphraseBox(passphrase: string, saltFile: string): SecretBox {
  // Deriving takes half a second: what making the file has derived is not derived again.
  const derived = new Map<string, Buffer>();
  const keyFor = (salt: Buffer): Buffer => {
    const key = derived.get(salt.toString("hex")) ?? derive(passphrase, salt);
    derived.set(salt.toString("hex"), key);
    return key;
  };
  const material = readOrCreateKeyMaterial(saltFile, SALT_BYTES + VERIFIER_BYTES, () => {
    const salt = randomBytes(SALT_BYTES);
    return Buffer.concat([salt, verifierOf(keyFor(salt))]);
  });
  const key = keyFor(material.subarray(0, SALT_BYTES));
  if (!timingSafeEqual(verifierOf(key), material.subarray(SALT_BYTES))) {
    throw new SecretBoxError({
      code: "box_wrong_passphrase",
      message: "The passphrase is not the one with which this home folder was sealed.",
      hint: "Try again, or give another --home.",
    });
  }
  return {
    kind: "passphrase",
    seal: (plaintext, context) => sealWith(key, plaintext, context),
    open: (sealed, context) => openWith(key, sealed, context),
  };
}

function derive(passphrase: string, salt: Uint8Array): Buffer {
  // One text has several encodings; two keyboards must not make two keys.
  return scryptSync(passphrase.normalize("NFKC"), salt, BOX_KEY_BYTES, SCRYPT);
}

function verifierOf(key: Uint8Array): Buffer {
  return createHmac("sha256", key).update("passphrase verifier").digest();
}
