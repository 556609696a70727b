import { randomBytes } from "node:crypto";
import { readOrCreateKeyMaterial } from "./key-material-file.ts";
import { BOX_KEY_BYTES, openWith, sealWith } from "./sealed-format.ts";
import type { SecretBox } from "./secret-box.ts";

/**
 * A box whose key lies in a file that only its owner may read: for machines without a keychain. It protects a copied
 * database, not against who can read the owner's files. Makes the file (32 random bytes, 0600) if there is none.
 */
export function createFileKeyBox(path: string): SecretBox {
  const key = readOrCreateKeyMaterial(path, BOX_KEY_BYTES, () => randomBytes(BOX_KEY_BYTES));
  return {
    kind: "key-file",
    seal: (plaintext, context) => sealWith(key, plaintext, context),
    open: (sealed, context) => openWith(key, sealed, context),
  };
}
