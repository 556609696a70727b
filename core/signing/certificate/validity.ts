import { SigningError } from "../errors.ts";
import type { ParsedCertificate } from "../x509/certificate.ts";

const MS_PER_DAY = 24 * 60 * 60 * 1000;
const DEFAULT_CERTIFICATE_DAYS = 365;
const DEFAULT_AUTHORITY_DAYS = 3650;
/** A century: more is a slip of the finger. */
const MAX_CERTIFICATE_DAYS = 36_500;

export interface ValidityOptions {
  readonly now: Date;
  readonly days: number | undefined;
  readonly isCa: boolean;
  /** A certificate is no longer valid than its issuer's. */
  readonly issuer?: ParsedCertificate | undefined;
}

/** From now, in whole seconds, for so many days. Throws `bad_validity`. */
export function validityOf({ now, days, isCa, issuer }: ValidityOptions): {
  notBefore: Date;
  notAfter: Date;
} {
  if (days !== undefined && !(Number.isInteger(days) && days >= 1 && days <= MAX_CERTIFICATE_DAYS)) {
    throw badValidity(`a whole number of days from 1 to ${MAX_CERTIFICATE_DAYS}`, String(days));
  }
  const notBefore = new Date(Math.floor(now.getTime() / 1000) * 1000);
  const wanted = days ?? (isCa ? DEFAULT_AUTHORITY_DAYS : DEFAULT_CERTIFICATE_DAYS);
  const notAfter = new Date(notBefore.getTime() + wanted * MS_PER_DAY);
  if (issuer === undefined || notAfter <= issuer.notAfter) return { notBefore, notAfter };
  const limit = issuer.notAfter.toISOString();
  if (days !== undefined) throw badValidity(`an end before the issuer's, ${limit}`, notAfter.toISOString());
  if (issuer.notAfter <= notBefore) throw badValidity("an issuer that is valid now", `expired at ${limit}`);
  return { notBefore, notAfter: issuer.notAfter };
}

function badValidity(expected: string, actual: string): SigningError {
  return new SigningError({
    code: "bad_validity",
    message: "The certificate cannot be valid for that long.",
    details: { expected, actual },
    hint: "Choose another --days.",
  });
}
