import type { MiddlewareHandler } from "hono";
import { z } from "zod";
import type { Ids } from "../platform/ids.ts";
import { HostError } from "./errors.ts";
import { failureOf } from "./failure.ts";

const LOOPBACK_NAMES = ["127.0.0.1", "localhost", "[::1]"];

/** Names under which a host on this port may be addressed. */
export function ownHosts(port: number): ReadonlySet<string> {
  return new Set(
    LOOPBACK_NAMES.flatMap((name) => (port === 80 ? [name, `${name}:80`] : [`${name}:${port}`])),
  );
}

/** What the Node adapter adds to a request. */
const nodeBindings = z.object({
  incoming: z.object({ url: z.string(), rawHeaders: z.array(z.string()) }),
});

/**
 * Refuses what was not addressed to this host. A page on the internet can make its own name resolve to loopback (DNS
 * rebinding) and is then same-origin with itself, but its requests still carry its own name.
 */
export function ownOriginOnly(isOwnHost: (host: string) => boolean, ids: Ids): MiddlewareHandler {
  return async (context, next) => {
    const bindings = nodeBindings.safeParse(context.env);
    // An absolute request line names a host of its own, which could differ from the one that is checked.
    const isAbsolute = bindings.success && !bindings.data.incoming.url.startsWith("/");
    const host = context.req.header("host") ?? new URL(context.req.url).host;
    // Of two names only one is checked, and which of them counts is each hop's own opinion.
    const isTwofold = bindings.success && hostsOf(bindings.data.incoming.rawHeaders) > 1;
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
  return rawHeaders.filter((text, index) => index % 2 === 0 && text.toLowerCase() === "host").length;
}
