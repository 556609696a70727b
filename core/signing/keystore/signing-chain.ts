import { SigningError } from "../errors.ts";
import { checkKeyUsage } from "../verify/path-checks.ts";
import type { ParsedCertificate } from "../x509/certificate.ts";
import { certificateMissing } from "./keystore-errors.ts";

/**
 * Refuses to sign with a chain that no verifier would accept: none at all, an authority's, one for other purposes, or
 * one that is not valid now. Throws `certificate_missing` or `key_unusable`.
 */
export function requireSigningChain(id: string, chain: readonly ParsedCertificate[], now: Date): void {
  const [leaf] = chain;
  if (leaf === undefined) throw certificateMissing(id);
  const usage = checkKeyUsage(chain);
  if (usage.status === "fail") throw unusable(id, usage.expected, usage.actual);
  if (now < leaf.notBefore || now > leaf.notAfter) {
    const expected = `${leaf.notBefore.toISOString()} to ${leaf.notAfter.toISOString()}`;
    throw unusable(id, `a time within its certificate's validity, ${expected}`, now.toISOString());
  }
}

function unusable(id: string, expected: string | undefined, actual: string | undefined): SigningError {
  return new SigningError({
    code: "key_unusable",
    message: `The certificate of the key ${id} does not permit signing bundles now.`,
    details: { expected, actual },
    hint: "Choose another key, or make a new one with workbench keys generate.",
  });
}
