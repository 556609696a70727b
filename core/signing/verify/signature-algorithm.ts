import { type KeyObject, verify } from "node:crypto";
import type { AlgorithmIdentifier } from "@peculiar/asn1-x509";
import { EncodingError } from "../x509/encoding-error.ts";
import { OID } from "../x509/oids.ts";
import { describePublicKey } from "../x509/public-key.ts";

export type DigestName = "sha256" | "sha384" | "sha512";
/** `digest` is absent where the algorithm brings its own. */
export interface SignatureScheme {
  readonly family: "rsa" | "ecdsa" | "ed25519";
  readonly digest?: DigestName;
}

const DIGESTS: ReadonlyMap<string, DigestName> = new Map([
  [OID.sha256, "sha256"],
  [OID.sha384, "sha384"],
  [OID.sha512, "sha512"],
]);

const SCHEMES: ReadonlyMap<string, SignatureScheme> = new Map<string, SignatureScheme>([
  [OID.rsaEncryption, { family: "rsa" }],
  [OID.sha256WithRsa, { family: "rsa", digest: "sha256" }],
  [OID.sha384WithRsa, { family: "rsa", digest: "sha384" }],
  [OID.sha512WithRsa, { family: "rsa", digest: "sha512" }],
  [OID.ecdsaWithSha256, { family: "ecdsa", digest: "sha256" }],
  [OID.ecdsaWithSha384, { family: "ecdsa", digest: "sha384" }],
  [OID.ecdsaWithSha512, { family: "ecdsa", digest: "sha512" }],
  [OID.ed25519, { family: "ed25519" }],
]);

/** Algorithms whose signature on a certificate is believed: SHA-2 with RSA or ECDSA, and Ed25519. */
export function isAcceptedCertificateSignature(algorithm: string): boolean {
  const scheme = SCHEMES.get(algorithm);
  return scheme !== undefined && (scheme.digest !== undefined || scheme.family === "ed25519");
}

/** SHA-256, SHA-384 or SHA-512; SHA-1 and everything older is refused with an `EncodingError`. */
export function digestOf(algorithm: AlgorithmIdentifier): DigestName {
  const digest = DIGESTS.get(algorithm.algorithm);
  if (digest === undefined)
    throw new EncodingError("the digest algorithm is not SHA-256, SHA-384 or SHA-512");
  requireNoParameters(algorithm);
  return digest;
}

/** The signature's scheme. One that names a digest must name the signer's: two digests would be two meanings. */
export function schemeOf(algorithm: AlgorithmIdentifier, digest: DigestName): SignatureScheme {
  const scheme = SCHEMES.get(algorithm.algorithm);
  if (scheme === undefined) {
    throw new EncodingError("the signature algorithm is not RSA (PKCS #1 v1.5), ECDSA or Ed25519 with SHA-2");
  }
  requireNoParameters(algorithm);
  if (scheme.digest !== undefined && scheme.digest !== digest) {
    throw new EncodingError("the signature algorithm and the digest algorithm disagree");
  }
  return scheme.family === "ed25519" ? scheme : { family: scheme.family, digest };
}

/** False also for a key of another family than the scheme's. */
export function isValidSignature(
  scheme: SignatureScheme,
  key: KeyObject,
  signedBytes: Uint8Array,
  value: Uint8Array,
): boolean {
  if (describePublicKey(key).family !== scheme.family) return false;
  try {
    return verify(scheme.digest ?? null, signedBytes, { key, dsaEncoding: "der" }, value);
  } catch {
    // OpenSSL throws for a value that cannot be a signature of this key.
    return false;
  }
}

/** Parameters must be absent or NULL. */
function requireNoParameters({ parameters }: AlgorithmIdentifier): void {
  if (parameters === undefined || parameters === null) return;
  const bytes = new Uint8Array(parameters);
  if (bytes.length !== 2 || bytes[0] !== 0x05 || bytes[1] !== 0x00) {
    throw new EncodingError("an algorithm has parameters that it must not have");
  }
}
