import type { KeyObject } from "node:crypto";

/** Below this an RSA signature is not accepted from anybody; our own keys have 3072 bits and more. */
const MIN_RSA_BITS = 2048;
/** Above this checking a signature costs too much to do for a stranger. */
const MAX_RSA_BITS = 8192;

const CURVES: Readonly<Record<string, string>> = {
  prime256v1: "ecdsa-p256",
  secp384r1: "ecdsa-p384",
  secp521r1: "ecdsa-p521",
};

/** What a public key is, and why it must not be relied upon, if so. */
export interface PublicKeyDescription {
  /** `rsa-3072`, `ecdsa-p256`, `ed25519`, or the library's word for a kind that is not accepted. */
  readonly algorithm: string;
  readonly family: "rsa" | "ecdsa" | "ed25519" | "other";
  readonly problem?: string;
}

export function describePublicKey(key: KeyObject): PublicKeyDescription {
  const type = key.asymmetricKeyType ?? "unknown";
  if (type === "rsa") {
    const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
    const algorithm = `rsa-${bits}`;
    if (bits < MIN_RSA_BITS) {
      return {
        algorithm,
        family: "rsa",
        problem: `RSA with ${bits} bits; at least ${MIN_RSA_BITS} are required`,
      };
    }
    if (bits > MAX_RSA_BITS) {
      return {
        algorithm,
        family: "rsa",
        problem: `RSA with ${bits} bits; at most ${MAX_RSA_BITS} are accepted`,
      };
    }
    return { algorithm, family: "rsa" };
  }
  if (type === "ec") {
    const curve = key.asymmetricKeyDetails?.namedCurve ?? "unnamed";
    const algorithm = CURVES[curve];
    if (algorithm !== undefined) return { algorithm, family: "ecdsa" };
    return {
      algorithm: `ecdsa-${curve}`,
      family: "other",
      problem: "an elliptic curve that is not accepted",
    };
  }
  if (type === "ed25519") return { algorithm: "ed25519", family: "ed25519" };
  return { algorithm: type, family: "other", problem: "a kind of key that is not accepted" };
}
