import type { ContentHash } from "../contract/content-hash.ts";
import { WorkbenchError } from "../contract/errors.ts";
import type { Tenant } from "../contract/install.ts";
import {
  VERIFICATION_CHECKS,
  type VerificationCheck,
  type VerificationCode,
  type VerificationReport,
} from "../contract/verification.ts";

/** A verification report read against one tenant's policy. */
export type Verdict =
  | { readonly accepted: true; readonly report: VerificationReport }
  | { readonly accepted: false; readonly report: VerificationReport; readonly code: VerificationCode };

/** Codes that another tenant's trust list or policy may answer differently. */
const TENANT_CODES: ReadonlySet<VerificationCode> = new Set([
  "signature_missing",
  "chain_invalid",
  "untrusted_signer",
]);

export function dependsOnTenant(code: VerificationCode): boolean {
  return TENANT_CODES.has(code);
}

/** `unsigned: allow` means something on a development tenant only. */
export function allowsUnsigned(tenant: Tenant | undefined): boolean {
  return tenant?.is_development === true && tenant.unsigned_policy === "allow";
}

/** The one place where an unverified bundle may pass: no signature at all, under an explicit policy, bytes as named. */
export function verdictOn(
  report: VerificationReport,
  signature: string | undefined,
  tenant: Tenant | undefined,
  expectedHash: ContentHash | undefined,
): Verdict {
  if (report.verified) return { accepted: true, report };
  const code = report.code ?? "signature_invalid";
  const unsignedAndAllowed =
    signature === undefined &&
    code === "signature_missing" &&
    allowsUnsigned(tenant) &&
    (expectedHash === undefined || expectedHash === report.content_hash);
  return unsignedAndAllowed ? { accepted: true, report } : { accepted: false, report, code };
}

/** The report on an object that the store no longer has, or has with other bytes; other failures are rethrown. */
export function reportOnLostObject(hash: ContentHash, error: unknown): VerificationReport {
  if (error instanceof WorkbenchError && error.code === "object_corrupt") {
    return failure(hash, "digest", "digest_mismatch", "The stored object's bytes have changed.");
  }
  if (error instanceof WorkbenchError && error.code === "object_not_found") {
    return failure(hash, "archive", "archive_invalid", "The stored object is missing.");
  }
  throw error;
}

function failure(
  hash: ContentHash,
  failing: VerificationCheck["name"],
  code: VerificationCode,
  detail: string,
): VerificationReport {
  return {
    verified: false,
    code,
    content_hash: hash,
    checks: VERIFICATION_CHECKS.map((name) =>
      name === failing ? { name, status: "fail", expected: hash, detail } : { name, status: "skipped" },
    ),
  };
}
