import type { KeyAlgorithm } from "../key-algorithm.ts";

/** A key as it is listed: everything but the private half. Times are ISO 8601. */
export interface KeyRecord {
  readonly id: string;
  readonly algorithm: KeyAlgorithm;
  /** The certificate's subject, or what was asked for when there is no certificate yet; may be empty. */
  readonly subject: string;
  /** Lowercase hex SHA-256 over the certificate's DER. */
  readonly fingerprint_sha256: string | null;
  readonly not_before: string | null;
  readonly not_after: string | null;
  readonly is_ca: boolean;
  /** The workbench's own authority that issued the certificate. */
  readonly issuer_key_id: string | null;
  readonly has_certificate: boolean;
  /** The key's own certificate first; empty when there is none. */
  readonly certificate_chain_pem: string;
  readonly public_key_pem: string;
  readonly created_at: string;
}
