import {
  type ECKeyPairKeyObjectOptions,
  generateKeyPair,
  type KeyObject,
  type RSAKeyPairKeyObjectOptions,
  type webcrypto,
} from "node:crypto";
import { promisify } from "node:util";
import { type KeyAlgorithm, keyAlgorithmSchema } from "../contract/key-algorithm.ts";
import { describePublicKey } from "./x509/public-key.ts";

export { type KeyAlgorithm, keyAlgorithmSchema };

/** The algorithm of a key, or `undefined` when it is none of ours. */
export function keyAlgorithmOf(key: KeyObject): KeyAlgorithm | undefined {
  return keyAlgorithmSchema.safeParse(describePublicKey(key).algorithm).data;
}

/** Makes a private key. */
export async function generatePrivateKey(algorithm: KeyAlgorithm): Promise<KeyObject> {
  const { privateKey } = await generatePair(algorithm);
  return privateKey;
}

const generate = promisify(generateKeyPair);

function generatePair(algorithm: KeyAlgorithm): Promise<{ privateKey: KeyObject }> {
  const rsa = (modulusLength: number): RSAKeyPairKeyObjectOptions => ({ modulusLength });
  const curve = (namedCurve: string): ECKeyPairKeyObjectOptions => ({ namedCurve });
  switch (algorithm) {
    case "rsa-3072":
      return generate("rsa", rsa(3072));
    case "rsa-4096":
      return generate("rsa", rsa(4096));
    case "ecdsa-p256":
      return generate("ec", curve("P-256"));
    case "ecdsa-p384":
      return generate("ec", curve("P-384"));
    case "ed25519":
      return generate("ed25519");
  }
}

/** How WebCrypto, through which certificates are made, calls a key and the signatures made with it. */
export interface WebCryptoNames {
  readonly key: webcrypto.RsaHashedImportParams | webcrypto.EcKeyImportParams | { name: string };
  readonly signature: { name: string; hash?: string };
}

export function webCryptoNames(algorithm: KeyAlgorithm): WebCryptoNames {
  switch (algorithm) {
    case "rsa-3072":
    case "rsa-4096": {
      const name = "RSASSA-PKCS1-v1_5";
      return { key: { name, hash: "SHA-256" }, signature: { name, hash: "SHA-256" } };
    }
    case "ecdsa-p256":
      return { key: { name: "ECDSA", namedCurve: "P-256" }, signature: { name: "ECDSA", hash: "SHA-256" } };
    case "ecdsa-p384":
      return { key: { name: "ECDSA", namedCurve: "P-384" }, signature: { name: "ECDSA", hash: "SHA-384" } };
    case "ed25519":
      return { key: { name: "Ed25519" }, signature: { name: "Ed25519" } };
  }
}
