import { z } from "zod";
import type { Revocation } from "../../contract/trust.ts";
import { TrustError } from "../errors.ts";

/** Octets of the longest serial number that RFC 5280 allows. */
const MAX_SERIAL_BYTES = 20;

/** Lowercase hex of a SHA-256 fingerprint as tools print it: colons, capitals, a `sha256:` before it. */
function normaliseFingerprint(text: string): string {
  const hex = plainHex(text.replace(/^\s*sha-?256[^:=]{0,20}[:=]/i, ""));
  if (hex?.length === 64) return hex;
  throw new TrustError({
    code: "bad_fingerprint",
    message: "The fingerprint is not a SHA-256 fingerprint.",
    details: { expected: "64 hex digits, with or without colons" },
    hint: "Show it with openssl x509 -noout -fingerprint -sha256 -in FILE.",
  });
}

/** Lowercase hex of a serial number, without leading zeros. */
function normaliseSerial(text: string): string {
  const hex = plainHex(text.replace(/^\s*(serial=|0x)/i, ""))?.replace(/^0+(?=.)/, "");
  if (hex !== undefined && hex.length <= MAX_SERIAL_BYTES * 2) return hex;
  throw new TrustError({
    code: "bad_serial",
    message: "The serial number is not one.",
    details: { expected: `up to ${MAX_SERIAL_BYTES * 2} hex digits, with or without colons` },
    hint: "Show it with openssl x509 -noout -serial -in FILE.",
  });
}

/** ISO 8601 in UTC with milliseconds. */
function normaliseTime(time: Date | string): string {
  const date = typeof time === "string" ? isoDate(time) : time;
  if (date !== undefined && !Number.isNaN(date.getTime())) return date.toISOString();
  throw new TrustError({
    code: "bad_time",
    message: "The time is not a time.",
    details: { expected: "ISO 8601, such as 2026-01-31T12:00:00Z" },
  });
}

export interface RevokeOptions {
  /** Exactly one of the two. A fingerprint may be a certificate's or a public key's. */
  readonly fingerprint?: string | undefined;
  readonly serial?: string | undefined;
  /** From when on; default: now. */
  readonly at?: Date | string | undefined;
  readonly reason?: string | undefined;
}

const MAX_REASON_CHARACTERS = 500;

/** Reads what is to be revoked. Throws `bad_fingerprint`, `bad_serial` or `bad_time`. */
export function readRevocation({ fingerprint, serial, at, reason }: RevokeOptions, now: Date): Revocation {
  if (fingerprint !== undefined && serial !== undefined) {
    throw new TrustError({ code: "bad_serial", message: "Give a fingerprint or a serial number, not both." });
  }
  const what =
    serial === undefined
      ? ({ by: "fingerprint", value: normaliseFingerprint(fingerprint ?? "") } as const)
      : ({ by: "serial", value: normaliseSerial(serial) } as const);
  return {
    ...what,
    revoked_at: normaliseTime(at ?? now),
    ...(reason ? { reason: reason.slice(0, MAX_REASON_CHARACTERS) } : {}),
  };
}

function isoDate(text: string): Date | undefined {
  const known = z.union([z.iso.datetime({ offset: true }), z.iso.date()]).safeParse(text);
  return known.success ? new Date(known.data) : undefined;
}

function plainHex(text: string): string | undefined {
  const hex = text.replace(/[\s:]/g, "").toLowerCase();
  return /^[0-9a-f]+$/.test(hex) ? hex : undefined;
}
