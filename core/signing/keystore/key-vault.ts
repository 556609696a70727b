import { createPrivateKey, type KeyObject } from "node:crypto";
import type { SecretBox } from "../../platform/secret-box.ts";

/** Seals private keys (PKCS #8 DER) for rest. What was sealed for one key id does not open for another. */
export interface KeyVault {
  seal(id: string, key: KeyObject): Uint8Array;
  open(id: string, sealed: Uint8Array): KeyObject;
}

export function createKeyVault(box: SecretBox): KeyVault {
  const contextOf = (id: string): string => `signing-key:${id}`;
  return {
    seal(id, key) {
      const der = key.export({ type: "pkcs8", format: "der" });
      try {
        return box.seal(der, contextOf(id));
      } finally {
        der.fill(0);
      }
    },
    open(id, sealed) {
      const der = Buffer.from(box.open(sealed, contextOf(id)));
      try {
        return createPrivateKey({ key: der, format: "der", type: "pkcs8" });
      } finally {
        der.fill(0);
      }
    },
  };
}
