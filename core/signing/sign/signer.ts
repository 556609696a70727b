import type { KeyAlgorithm } from "../key-algorithm.ts";

/** Signs bytes with a key that stays where it is. */
export interface Signer {
  readonly keyId: string;
  readonly algorithm: KeyAlgorithm;
  /** PEM, the signer's own certificate first. */
  readonly chain: readonly string[];
  /**
   * The raw signature over the bytes: RSA PKCS #1 v1.5 or ECDSA (DER) over their SHA-256, or Ed25519 over the bytes.
   */
  sign(bytes: Uint8Array): Promise<Uint8Array>;
}
