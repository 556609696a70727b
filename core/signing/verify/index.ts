/** The verifier alone: what the runner process loads. Imports no database, no key store and no `node-forge`. */
export { type ArchiveVerdict, type VerifyOptions, verifyArchive } from "./archive-verifier.ts";
export { requireVerified, VerificationError } from "./errors.ts";
export { type SignatureParts, signatureParts } from "./signature-parts.ts";
