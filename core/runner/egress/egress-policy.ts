import { isIP } from "node:net";
import type { EgressRule } from "../../contract/egress-refusal.ts";
import { isPublicAddress } from "./address-policy.ts";

/**
 * Where an extension may connect to, as pure decisions: deny by default, in two steps around the one name
 * resolution. Spellings are the URL parser's concern: by the time a host is compared it is in its one normal form
 * (lower case, punycode, dotted decimal), however it was written.
 */
export interface EgressTarget {
  readonly url: URL;
  /** Without brackets and trailing dot. */
  readonly host: string;
  readonly port: number;
  /** Listed as exactly this `host:port`: private addresses are then meant, for development. */
  readonly explicit: boolean;
}

export type EgressDecision<Allowed> =
  | { readonly allowed: true; readonly value: Allowed }
  | { readonly allowed: false; readonly rule: EgressRule; readonly reason: string };

const DEFAULT_PORTS: Readonly<Record<string, number>> = { "http:": 80, "https:": 443 };
const MAX_URL_LENGTH = 8_192;

/**
 * Step one, before anything is resolved.
 * An entry `example.com` allows that host and its subdomains on the scheme's own port; `host:port` allows exactly
 * that. An address is only ever matched exactly.
 */
export function judgeUrl(text: string, allowlist: readonly string[]): EgressDecision<EgressTarget> {
  if (text.length > MAX_URL_LENGTH) return refuse("url", `the URL is over ${MAX_URL_LENGTH} characters`);
  const url = URL.parse(text);
  if (url === null) return refuse("url", "the URL does not parse");
  const defaultPort = DEFAULT_PORTS[url.protocol];
  if (defaultPort === undefined) return refuse("scheme", "only http and https are allowed");
  if (url.username !== "" || url.password !== "")
    return refuse("credentials", "credentials in the URL are not allowed");
  const host = normalHost(url.hostname);
  if (host === "") return refuse("url", "the URL has no host");
  const port = url.port === "" ? defaultPort : Number(url.port);
  const entries = allowlist.map(parseEntry).filter((entry) => entry !== undefined);
  const explicit = entries.some((entry) => entry.port === port && entry.host === host);
  if (explicit) return { allowed: true, value: { url, host, port, explicit } };
  if (!entries.some((entry) => entry.port === undefined && covers(entry.host, host)))
    return refuse("host", `${host} is not on the egress allowlist`);
  if (port !== defaultPort)
    return refuse("port", `port ${port} of ${host} is not on the egress allowlist; list ${host}:${port}`);
  return { allowed: true, value: { url, host, port, explicit } };
}

/** Step two: every address that the name resolved to must be one that the target may have. */
export function judgeAddresses(
  target: EgressTarget,
  addresses: readonly string[],
): EgressDecision<readonly string[]> {
  if (target.explicit || addresses.every(isPublicAddress)) return { allowed: true, value: addresses };
  return refuse(
    "address",
    `${target.host} resolves to an address that is private, loopback, link-local or reserved; list ${target.host}:${target.port} to allow it`,
  );
}

/** Where a request that was refused wanted to go, as far as its URL says. */
export function wantedTarget(text: string): { readonly host: string; readonly port: number } {
  const url = text.length > MAX_URL_LENGTH ? null : URL.parse(text);
  if (url === null) return { host: "", port: 0 };
  const port = url.port === "" ? (DEFAULT_PORTS[url.protocol] ?? 0) : Number(url.port);
  return { host: normalHost(url.hostname), port };
}

interface AllowlistEntry {
  readonly host: string;
  readonly port: number | undefined;
}

/** Entries are read by the URL parser too, so that both sides of a comparison are in the same form. */
function parseEntry(entry: string): AllowlistEntry | undefined {
  const text = entry.trim().replace(/^\*\./, "");
  if (text === "" || /[/?#@\\\s]/.test(text)) return undefined;
  const bare = isIP(text) === 6 ? `[${text}]` : text;
  // A scheme without a default port keeps `:80` and `:443` visible; `http` is needed for the host's normal form.
  const url = URL.parse(`http://${bare}/`);
  if (url === null) return undefined;
  const port = /:(\d{1,5})$/.exec(bare.replace(/^\[.*\]/, ""))?.[1];
  return { host: normalHost(url.hostname), port: port === undefined ? undefined : Number(port) };
}

function normalHost(hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/, "$1").replace(/\.$/, "");
}

function covers(listed: string, host: string): boolean {
  return host === listed || (isIP(listed) === 0 && isIP(host) === 0 && host.endsWith(`.${listed}`));
}

function refuse(rule: EgressRule, reason: string): EgressDecision<never> {
  return { allowed: false, rule, reason };
}
