export { type CertificateDescription, describeCertificates } from "./certificate/description.ts";
export { SigningError, type SigningErrorCode, TrustError, type TrustErrorCode } from "./errors.ts";
export type { KeyAlgorithm } from "./key-algorithm.ts";
export type { KeyRecord } from "./keystore/key-record.ts";
export {
  createKeystore,
  type GenerateOptions,
  type ImportOptions,
  type Keystore,
} from "./keystore/keystore.ts";
export { signArchive } from "./sign/archive-signature.ts";
export type { Signer } from "./sign/signer.ts";
export type { RevokeOptions } from "./trust/revocation-id.ts";
export {
  type AddTrustOptions,
  createTrustStore,
  type TrustEntry,
  type TrustStore,
  trustSnapshotFromPem,
} from "./trust/trust-store.ts";
export {
  requireVerified,
  signatureParts,
  VerificationError,
  type VerifyOptions,
  verifyArchive,
} from "./verify/index.ts";
