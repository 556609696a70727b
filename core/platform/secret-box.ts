/**
 * Seals small secrets (private keys, install secrets, API keys) for rest on this machine.
 * `context` is bound as associated data: what was sealed for one purpose does not open for another.
 */
export interface SecretBox {
  /** Named in `doctor` and Settings, e.g. `key-file`, `passphrase`, `safe-storage`. */
  readonly kind: string;
  seal(plaintext: Uint8Array, context: string): Uint8Array;
  /** Throws `SecretBoxError` (`box_sealed_elsewhere`, `box_corrupt`). */
  open(sealed: Uint8Array, context: string): Uint8Array;
}
