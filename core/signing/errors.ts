import { WorkbenchError } from "../contract/errors.ts";

export type SigningErrorCode =
  | "bad_subject"
  | "bad_validity"
  | "key_not_found"
  | "key_exists"
  | "key_in_use"
  | "key_unusable"
  | "not_an_authority"
  | "certificate_missing"
  | "certificate_mismatch"
  | "corrupt_certificate"
  | "passphrase_required"
  | "wrong_passphrase"
  | "passphrase_too_short"
  | "unsupported_key_format"
  | "corrupt_key_file"
  | "private_key_missing"
  | "key_too_weak";

/** Keys, certificates and signing. Neither a message nor a detail ever holds key material or a passphrase. */
export class SigningError extends WorkbenchError<SigningErrorCode> {}

export type TrustErrorCode =
  | "bad_trust_file"
  | "bad_trust_bundle"
  | "private_key_in_trust_file"
  | "trust_entry_not_found"
  | "bad_fingerprint"
  | "bad_serial"
  | "bad_time";

/** The trust list and its revocations. */
export class TrustError extends WorkbenchError<TrustErrorCode> {}
