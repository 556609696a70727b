import type { MiddlewareHandler } from "hono";
import { z } from "zod";
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
const nodeBindings = z.object({ incoming: z.object({ url: z.string() }) });

/**
 * Refuses what was not addressed to this host. A page on the internet can make its own name resolve to loopback (DNS
 * rebinding) and is then same-origin with itself, but its requests still carry its own name.
 */
export function ownOriginOnly(isOwnHost: (host: string) => boolean): MiddlewareHandler {
  return async (context, next) => {
    const bindings = nodeBindings.safeParse(context.env);
    // An absolute request line names a host of its own, which could differ from the one that is checked.
    const isAbsolute = bindings.success && !bindings.data.incoming.url.startsWith("/");
    const host = context.req.header("host") ?? new URL(context.req.url).host;
    if (!isAbsolute && isOwnHost(host.toLowerCase())) return next();
    const { status, body } = failureOf(
      new HostError({ code: "misdirected_request", message: "The request was addressed to another host." }),
    );
    return context.json(body, status);
  };
}
