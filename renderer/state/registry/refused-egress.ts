import type { EgressRefusal, EgressRule } from "../../../core/contract/egress-refusal.ts";

const WORDS: Record<EgressRule, string> = {
  url: "not a URL",
  scheme: "neither http nor https",
  credentials: "credentials in the URL",
  host: "host is on no list",
  port: "port is not listed",
  address: "private or reserved address",
  request: "method, headers or size",
  quota: "no egress left",
};

export function ruleWords(rule: EgressRule): string {
  return WORDS[rule];
}

const PLAIN_PORTS: readonly number[] = [80, 443];
/** What a list must name with its port, because it is this machine or near it. */
const IS_NEAR = /^(localhost|[\d.]+|.*:.*)$/u;

/** The line of the egress list that would have let it through; nothing where no line does, or where it is not known. */
export function entryFor({
  host,
  port,
  rule,
}: Pick<EgressRefusal, "host" | "port" | "rule">): string | undefined {
  if (host === "" || /[^a-z0-9.:_-]/u.test(host)) return undefined;
  const exact = host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
  if (rule === "port" || rule === "address") return exact;
  if (rule !== "host") return undefined;
  return PLAIN_PORTS.includes(port) && !IS_NEAR.test(host) ? host : exact;
}
