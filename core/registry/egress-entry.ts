import { isIP } from "node:net";
import { domainToASCII } from "node:url";
import { RegistryError } from "./errors.ts";

const MAX_EGRESS_ENTRIES = 100;
const MAX_HOST_CHARACTERS = 253;
const LABEL = /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/;
const ENTRY = /^(?:\[([0-9a-f:.]+)\]|([^:\s/?#@[\]\\]+))(?::(\d{1,5}))?$/i;

/**
 * Normal form of an install's egress list: lowercase ASCII hosts, each with an optional port, without duplicates.
 * An entry covers the host and its subdomains. Errors: `invalid_egress_host`.
 */
export function normaliseEgress(entries: readonly string[]): string[] {
  if (entries.length > MAX_EGRESS_ENTRIES) {
    throw invalid("The egress list is too long.", { expected: `at most ${MAX_EGRESS_ENTRIES} entries` });
  }
  return [...new Set(entries.map(normaliseEntry))];
}

function normaliseEntry(entry: string): string {
  const match = ENTRY.exec(entry.trim());
  const port = match?.[3];
  const host = match?.[1] ? ipv6(match[1]) : hostname(match?.[2] ?? "", port !== undefined);
  if (host === undefined || (port !== undefined && (Number(port) < 1 || Number(port) > 65_535))) {
    throw invalid(`${JSON.stringify(entry.slice(0, 100))} is not an egress host.`, {
      expected: "a host such as api.example.com (its subdomains included), optionally with a port",
    });
  }
  return port === undefined ? host : `${host}:${Number(port)}`;
}

function ipv6(text: string): string | undefined {
  return isIP(text) === 6 ? `[${text.toLowerCase()}]` : undefined;
}

/** A lone label would open a whole top-level domain, so it counts only as `localhost` or with a port. */
function hostname(text: string, hasPort: boolean): string | undefined {
  if (isIP(text) === 4) return text;
  const ascii = domainToASCII(text.replace(/\.$/, "")).toLowerCase();
  const labels = ascii.split(".");
  const wellFormed = ascii.length <= MAX_HOST_CHARACTERS && labels.every((label) => LABEL.test(label));
  // All-digit last labels are IPv4 in another spelling (127.1, 0x7f.1), which resolvers would follow.
  if (!wellFormed || /^(\d+|0x[0-9a-f]*)$/.test(labels.at(-1) ?? "")) return undefined;
  return labels.length > 1 || ascii === "localhost" || hasPort ? ascii : undefined;
}

function invalid(message: string, details: Record<string, unknown>): RegistryError {
  return new RegistryError({
    code: "invalid_egress_host",
    message,
    details,
    hint: "Write hosts without scheme, path or wildcard.",
  });
}
