import {
  VERIFICATION_CHECKS,
  type VerificationCheck,
  type VerificationCode,
  type VerificationReport,
} from "../../contract/verification.ts";
import type { ParsedCertificate } from "../x509/certificate.ts";
import { describePublicKey } from "../x509/public-key.ts";

type CheckName = (typeof VERIFICATION_CHECKS)[number];

interface Evidence {
  readonly expected?: string;
  readonly actual?: string;
  readonly detail?: string;
}

/** What one check found. A failure carries the code that the report shows if it is the first. */
export type CheckOutcome =
  | ({ readonly status: "pass" } & Evidence)
  | ({ readonly status: "fail"; readonly code: VerificationCode } & Evidence)
  | ({ readonly status: "skipped" } & Evidence);

export type CheckOutcomes = Readonly<Partial<Record<CheckName, CheckOutcome>>>;

export const pass = (evidence: Evidence = {}): CheckOutcome => ({ status: "pass", ...evidence });
export const fail = (code: VerificationCode, evidence: Evidence): CheckOutcome => ({
  status: "fail",
  code,
  ...evidence,
});
export const skip = (detail: string): CheckOutcome => ({ status: "skipped", detail });

/** Checks without which nothing is verified; `archive` may be left to the caller. */
const REQUIRED_CHECKS = VERIFICATION_CHECKS.filter((name) => name !== "archive");

/**
 * Puts the outcomes in the contract's order. What has no outcome was skipped. Verified means that every required
 * check passed, so that a check which was forgotten refuses. The code is the first failure's, except that an archive
 * that cannot be read gives way to any other: changed bytes rarely unpack, and `digest_mismatch` says why.
 */
export function assembleReport(
  contentHash: string,
  outcomes: CheckOutcomes,
  signer: ParsedCertificate | undefined,
): VerificationReport {
  const checks: VerificationCheck[] = [];
  let code: VerificationCode | undefined;
  for (const name of VERIFICATION_CHECKS) {
    const outcome = outcomes[name] ?? skip("not reached, because an earlier check failed");
    if (outcome.status === "fail" && name !== "archive") code ??= outcome.code;
    const { status, expected, actual, detail } = outcome;
    checks.push({
      name,
      status,
      ...(expected === undefined ? {} : { expected }),
      ...(actual === undefined ? {} : { actual }),
      ...(detail === undefined ? {} : { detail }),
    });
  }
  if (outcomes.archive?.status === "fail") code ??= outcomes.archive.code;
  const verified = code === undefined && REQUIRED_CHECKS.every((name) => outcomes[name]?.status === "pass");
  return {
    verified,
    ...(code === undefined ? {} : { code }),
    content_hash: contentHash,
    ...(signer === undefined ? {} : { signer: signerOf(signer) }),
    checks,
  };
}

function signerOf(certificate: ParsedCertificate): NonNullable<VerificationReport["signer"]> {
  return {
    subject: certificate.subject,
    issuer: certificate.issuer,
    fingerprint_sha256: certificate.fingerprint,
    not_before: certificate.notBefore.toISOString(),
    not_after: certificate.notAfter.toISOString(),
    algorithm: describePublicKey(certificate.publicKey).algorithm,
  };
}
