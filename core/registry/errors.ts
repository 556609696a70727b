import { WorkbenchError } from "../contract/errors.ts";
import type { VerificationCode, VerificationReport } from "../contract/verification.ts";

export type RegistryErrorCode =
  | "tenant_not_found"
  | "extension_not_found"
  | "version_not_found"
  | "version_exists"
  | "invalid_version"
  | "version_deprecated"
  | "already_installed"
  | "not_installed"
  | "capability_unknown"
  | "capability_not_requested"
  | "invalid_egress_host"
  | "invalid_config"
  | "invalid_secret"
  | "invalid_limits"
  | "object_mismatch";

export class RegistryError extends WorkbenchError<RegistryErrorCode> {}

/** Verification said no. The code is the report's; the whole report travels in `details.report`. */
export class RegistryRefusal extends WorkbenchError<VerificationCode> {
  readonly report: VerificationReport;

  constructor(what: string, code: VerificationCode, report: VerificationReport) {
    super({
      code,
      kind: "refused",
      message: `${what} was refused: ${REASONS[code]}.`,
      details: { report },
      hint: HINTS[code] ?? "Run `workbench verify` on the bundle to see every check.",
    });
    this.report = report;
  }
}

const REASONS: Record<VerificationCode, string> = {
  archive_invalid: "the archive is not a sound bundle",
  signature_missing: "it carries no signature",
  signature_malformed: "its signature is not a CMS signature",
  digest_mismatch: "its bytes are not those that were signed or named",
  signature_invalid: "its signature does not verify",
  chain_invalid: "the signer's certificate does not chain to a trusted one",
  certificate_expired: "the signer's certificate has expired",
  certificate_not_yet_valid: "the signer's certificate is not valid yet",
  key_usage_invalid: "the signer's certificate may not sign",
  certificate_revoked: "the signer's certificate is revoked",
  untrusted_signer: "this tenant does not trust the signer",
};

const HINTS: Partial<Record<VerificationCode, string>> = {
  signature_missing: "Sign the bundle with `workbench sign` and publish it again.",
  untrusted_signer: "Add the publisher's certificate with `workbench trust add`, if you trust it.",
};
