import type { SigningKey } from "../../../core/contract/rpc/keys.ts";

export interface Expiry {
  readonly tone: "plain" | "warn" | "bad";
  readonly words: string;
}

const DAY_MS = 24 * 60 * 60 * 1000;
const DATE = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  year: "numeric",
  timeZone: "UTC",
});

/** `22 Nov 2026`, in UTC, as certificates count. */
export function formatDate(iso: string): string {
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? iso : DATE.format(date);
}

/** How long the certificate lasts, and whether that matters already. */
export function expiryOf(
  key: Pick<SigningKey, "validity" | "not_before" | "not_after">,
  now: number,
): Expiry {
  const { validity, not_before, not_after } = key;
  if (validity === "none" || not_after === null) return { tone: "plain", words: "no certificate" };
  if (validity === "expired") return { tone: "bad", words: `expired ${formatDate(not_after)}` };
  if (validity === "not_yet_valid") {
    return { tone: "warn", words: `valid from ${formatDate(not_before ?? "")}` };
  }
  const days = Math.floor((Date.parse(not_after) - now) / DAY_MS);
  const words = days < 1 ? "in less than a day" : days === 1 ? "in 1 day" : `in ${days} days`;
  return { tone: validity === "expires_soon" ? "warn" : "plain", words };
}

/** `4e:91:…:0c`: enough to recognise. */
export function shortFingerprint(hex: string): string {
  return `${hex.slice(0, 2)}:${hex.slice(2, 4)}:…:${hex.slice(-2)}`;
}

/** `4E:91:…` in full, as OpenSSL and the browsers print it. */
export function colonHex(hex: string): string {
  const even = hex.length % 2 === 0 ? hex : `0${hex}`;
  return (even.match(/../g) ?? []).join(":").toUpperCase();
}
