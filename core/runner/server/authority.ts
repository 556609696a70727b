import { createHash } from "node:crypto";

/** Hex digits of an extension's label: 128 bits, within a DNS label's 63 characters. */
const LABEL_LENGTH = 32;

/** The subdomain of an extension's own origin: two extensions never share one. */
export function extensionLabel(extensionId: string): string {
  return createHash("sha256").update(extensionId).digest("hex").slice(0, LABEL_LENGTH);
}

/** What a request was sent to. */
export type Authority =
  | { readonly kind: "runner" }
  /** An extension's own origin, by its label. */
  | { readonly kind: "extension"; readonly label: string };

const AUTHORITY =
  /^(?:(?<name>127\.0\.0\.1|localhost)|(?<label>[a-z0-9-]{1,63})\.localhost)(?::(?<port>\d{1,5}))?$/;

/**
 * Judges a Host header. A name that an attacker points at this machine (DNS rebinding) is none of ours, and is
 * refused before anything is looked at.
 */
export function authorityOf(host: string | undefined, port: number): Authority | undefined {
  const groups = host === undefined ? undefined : AUTHORITY.exec(host.toLowerCase())?.groups;
  if (groups === undefined || Number(groups.port ?? 80) !== port) return undefined;
  const label = groups.label;
  return label === undefined ? { kind: "runner" } : { kind: "extension", label };
}
