import { createCipheriv, createDecipheriv, hash, randomBytes } from "node:crypto";
import { SecretBoxError } from "./secret-box-error.ts";

export const BOX_KEY_BYTES = 32;
const KEY_ID_BYTES = 8;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** First byte of everything sealed; another number is another layout. */
const FORMAT_VERSION = 1;
const HEADER_BYTES = 1 + KEY_ID_BYTES + NONCE_BYTES;

/**
 * Seals with AES-256-GCM: version, key id, nonce, ciphertext, tag. The context and the header are bound as
 * associated data. The key id (a hash of the key) tells a box of another key from a damaged one.
 */
export function sealWith(key: Uint8Array, plaintext: Uint8Array, context: string): Uint8Array {
  const nonce = randomBytes(NONCE_BYTES);
  const header = Buffer.concat([Buffer.of(FORMAT_VERSION), keyIdOf(key), nonce]);
  const cipher = createCipheriv("aes-256-gcm", key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.concat([header, Buffer.from(context)]));
  return Buffer.concat([header, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

/** Opens what `sealWith` sealed. Throws `box_sealed_elsewhere` for another key, `box_corrupt` for the rest. */
export function openWith(key: Uint8Array, sealed: Uint8Array, context: string): Uint8Array {
  const bytes = Buffer.from(sealed);
  if (bytes.length < HEADER_BYTES + TAG_BYTES || bytes[0] !== FORMAT_VERSION) throw corrupt();
  const header = bytes.subarray(0, HEADER_BYTES);
  if (!header.subarray(1, 1 + KEY_ID_BYTES).equals(keyIdOf(key))) {
    throw new SecretBoxError({
      code: "box_sealed_elsewhere",
      kind: "environment",
      message: "A secret was sealed with another key than this home folder's.",
      hint: "Restore the box key that belongs to this database, or enter the secret again.",
    });
  }
  const nonce = header.subarray(1 + KEY_ID_BYTES);
  const decipher = createDecipheriv("aes-256-gcm", key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.concat([header, Buffer.from(context)]));
  decipher.setAuthTag(bytes.subarray(bytes.length - TAG_BYTES));
  try {
    const ciphertext = bytes.subarray(HEADER_BYTES, bytes.length - TAG_BYTES);
    return Buffer.concat([decipher.update(ciphertext), decipher.final()]);
  } catch {
    throw corrupt();
  }
}

function keyIdOf(key: Uint8Array): Buffer {
  return hash("sha256", Buffer.concat([Buffer.from("box key id "), key]), "buffer").subarray(0, KEY_ID_BYTES);
}

function corrupt(): SecretBoxError {
  return new SecretBoxError({
    code: "box_corrupt",
    kind: "system",
    message: "A sealed secret is damaged, or was sealed for another purpose.",
    hint: "Restore the database from a backup, or enter the secret again.",
  });
}
