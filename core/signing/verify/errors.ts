import { WorkbenchError } from "../../contract/errors.ts";
import type { VerificationCode, VerificationReport } from "../../contract/verification.ts";

const MESSAGES: Readonly<Record<VerificationCode, string>> = {
  archive_invalid: "The archive is not a sane bundle.",
  signature_missing: "The bundle is not signed.",
  signature_malformed: "The signature cannot be read as a detached CMS signature.",
  digest_mismatch: "The archive is not the one that was signed.",
  signature_invalid: "The signature was not made by the certificate that it names.",
  chain_invalid: "The signer's certificate chain does not hold.",
  certificate_expired: "A certificate of the signer's chain has expired.",
  certificate_not_yet_valid: "A certificate of the signer's chain is not valid yet.",
  key_usage_invalid: "The signer's certificate does not permit signing code.",
  certificate_revoked: "A certificate of the signer's chain is revoked.",
  untrusted_signer: "The signer is not trusted.",
};

const HINTS: Readonly<Partial<Record<VerificationCode, string>>> = {
  signature_missing: "Sign it: workbench sign BUNDLE --key ID.",
  digest_mismatch: "Sign the archive again, or fetch it again if it should not have changed.",
  certificate_expired: "Sign it again with a certificate that is valid now.",
  untrusted_signer:
    "If you trust this publisher: workbench trust add FILE, or --key ID for a key of your own.",
};

/** A bundle was refused. `code` is the first failed check's; `details.report` is the whole report. */
export class VerificationError extends WorkbenchError<VerificationCode> {
  readonly report: VerificationReport;

  constructor(report: VerificationReport) {
    // A report that is not verified has a code unless a check was skipped without one: then nothing was proved.
    const code = report.code ?? "signature_invalid";
    const hint = HINTS[code];
    super({ code, kind: "refused", message: MESSAGES[code], details: { report }, ...(hint ? { hint } : {}) });
    this.report = report;
  }
}

/** Throws `VerificationError` unless the report says verified. */
export function requireVerified(report: VerificationReport): void {
  if (!report.verified) throw new VerificationError(report);
}
