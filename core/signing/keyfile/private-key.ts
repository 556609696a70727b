import { createPublicKey, type KeyObject, sign, verify } from "node:crypto";
import { SigningError } from "../errors.ts";
import { type KeyAlgorithm, keyAlgorithmOf } from "../key-algorithm.ts";
import { describePublicKey } from "../x509/public-key.ts";

/** Smallest RSA key that may sign here. */
const MIN_OWN_RSA_BITS = 3072;

/** The algorithm of a private key that came from outside. Throws when it is weak, unknown, or not one with its public half. */
export function requireUsableKey(privateKey: KeyObject): KeyAlgorithm {
  const publicKey = createPublicKey(privateKey);
  const algorithm = keyAlgorithmOf(publicKey);
  if (algorithm === undefined) throw refusal(publicKey);
  if (!isConsistent(privateKey, publicKey))
    throw corruptKeyFile("its private and public halves do not fit together");
  return algorithm;
}

function refusal(publicKey: KeyObject): SigningError {
  const found = describePublicKey(publicKey).algorithm;
  const bits = publicKey.asymmetricKeyDetails?.modulusLength;
  if (publicKey.asymmetricKeyType === "rsa" && bits !== undefined && bits < MIN_OWN_RSA_BITS) {
    return new SigningError({
      code: "key_too_weak",
      message: `The RSA key has ${bits} bits; at least ${MIN_OWN_RSA_BITS} are required.`,
      details: { expected: `rsa-${MIN_OWN_RSA_BITS} or rsa-4096`, actual: found },
      hint: "Make a new key: workbench keys generate --algorithm rsa-3072.",
    });
  }
  return unsupportedKeyFormat("the key is of a kind that the workbench does not sign with", found);
}

/** A key pair is right when what one half signs the other accepts. */
function isConsistent(privateKey: KeyObject, publicKey: KeyObject): boolean {
  const probe = Buffer.from("a probe, to see whether both halves of a key belong together");
  const digest = privateKey.asymmetricKeyType === "ed25519" ? null : "sha256";
  try {
    return verify(digest, probe, publicKey, sign(digest, probe, privateKey));
  } catch {
    // OpenSSL refuses numbers that are no key.
    return false;
  }
}

export function corruptKeyFile(reason: string): SigningError {
  return new SigningError({
    code: "corrupt_key_file",
    message: `The key file is damaged: ${reason}.`,
    hint: "Export it again from where it came from.",
  });
}

export function unsupportedKeyFormat(reason: string, actual?: string): SigningError {
  return new SigningError({
    code: "unsupported_key_format",
    message: `The key file cannot be used: ${reason}.`,
    details: {
      expected: "PEM, PKCS #8 or PKCS #12 with an RSA-3072/4096, ECDSA P-256/P-384 or Ed25519 key",
      ...(actual === undefined ? {} : { actual }),
    },
  });
}
