import type { VerificationCode } from "../../../core/contract/verification.ts";

const MENDING: Readonly<Record<VerificationCode, string>> = {
  archive_invalid: "Pack the bundle again with `workbench pack`, then sign it.",
  signature_missing: "Sign it: choose a key here, or use `workbench sign`.",
  signature_malformed: "Choose the `.SIGNATURE` file that was written for this bundle, or sign it again.",
  digest_mismatch:
    "The bytes are not those that were signed. Take the bundle that belongs to the signature, or sign this one.",
  signature_invalid: "Do not use it: the signature was not made with that certificate's key. Sign it again.",
  chain_invalid: "Export the signer's certificate with its chain, or trust the authority that issued it.",
  certificate_expired: "Renew the certificate or choose a current key, then sign again.",
  certificate_not_yet_valid: "Check the clock, or sign again once the certificate is valid.",
  key_usage_invalid: "Sign with a certificate that permits digital signatures and code signing.",
  certificate_revoked: "Sign again with a key that is not revoked.",
  untrusted_signer: "Trust the signer's certificate for this tenant under Trust, if you know whose it is.",
};

/** How a refusal is mended, in one sentence; what can be typed stands in backquotes. */
export function mendingOf(code: VerificationCode): string {
  return MENDING[code];
}
