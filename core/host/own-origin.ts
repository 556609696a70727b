import type { MiddlewareHandler } from "hono";
import type { Ids } from "../platform/ids.ts";
import { nodeExchange } from "../platform/node-exchange.ts";
import { HostError } from "./errors.ts";
import { failureOf } from "./failure.ts";

const HOST = "host";
const LOOPBACK_NAMES = ["127.0.0.1", "localhost", "[::1]"];

/** Names under which a host on this port may be addressed. */
export function ownHosts(port: number): ReadonlySet<string> {
  return new Set(
    LOOPBACK_NAMES.flatMap((name) => (port === 80 ? [name, `${name}:80`] : [`${name}:${port}`])),
  );
}

/**
 * Refuses what was not addressed to this host. A page on the internet can make its own name resolve to loopback (DNS
 * rebinding) and is then same-origin with itself, but its requests still carry its own name.
 */
export function ownOriginOnly(isOwnHost: (host: string) => boolean, ids: Ids): MiddlewareHandler {
  return async (context, next) => {
    const incoming = nodeExchange(context.env)?.incoming;
    // An absolute request line names a host of its own, which could differ from the one that is checked.
    const isAbsolute = incoming !== undefined && !incoming.url.startsWith("/");
    const host = context.req.header("host") ?? new URL(context.req.url).host;
    // Of two names only one is checked, and which of them counts is each hop's own opinion.
    const isTwofold = incoming !== undefined && hostsOf(incoming.rawHeaders) > 1;
    if (!isAbsolute && !isTwofold && isOwnHost(host.toLowerCase())) return next();
    const requestId = ids.uuid();
    const { status, body } = failureOf(
      new HostError({ code: "misdirected_request", message: "The request was addressed to another host." }),
      requestId,
    );
    return context.json(body, status, { "x-request-id": requestId, "cache-control": "no-store" });
  };
}

/** Names and values alternate. */
function hostsOf(rawHeaders: readonly string[]): number {
  let count = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? "";
    if (name.length === HOST.length && name.toLowerCase() === HOST) count += 1;
  }
  return count;
}
