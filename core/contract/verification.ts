import { z } from "zod";

/** Checks of a verification report, in the order in which they run. */
export const VERIFICATION_CHECKS = [
  "archive",
  "digest",
  "signature",
  "chain",
  "validity",
  "key_usage",
  "revocation",
  "trust",
] as const;

export const VERIFICATION_CODES = [
  "archive_invalid",
  "signature_missing",
  "signature_malformed",
  "digest_mismatch",
  "signature_invalid",
  "chain_invalid",
  "certificate_expired",
  "certificate_not_yet_valid",
  "key_usage_invalid",
  "certificate_revoked",
  "untrusted_signer",
] as const;

export const verificationCodeSchema = z.enum(VERIFICATION_CODES);
export type VerificationCode = z.infer<typeof verificationCodeSchema>;

export const verificationCheckSchema = z.object({
  name: z.enum(VERIFICATION_CHECKS),
  status: z.enum(["pass", "fail", "skipped"]),
  expected: z.string().optional(),
  actual: z.string().optional(),
  detail: z.string().optional(),
});
export type VerificationCheck = z.infer<typeof verificationCheckSchema>;

export const signerInfoSchema = z.object({
  subject: z.string(),
  issuer: z.string(),
  fingerprint_sha256: z.string(),
  not_before: z.string(),
  not_after: z.string(),
  algorithm: z.string(),
});
export type SignerInfo = z.infer<typeof signerInfoSchema>;

export const verificationReportSchema = z.object({
  verified: z.boolean(),
  /** Code of the first failing check; absent when verified. */
  code: verificationCodeSchema.optional(),
  content_hash: z.string(),
  signer: signerInfoSchema.optional(),
  checks: z.array(verificationCheckSchema),
});
export type VerificationReport = z.infer<typeof verificationReportSchema>;
