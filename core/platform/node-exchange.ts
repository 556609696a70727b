import { IncomingMessage, ServerResponse } from "node:http";

/** What Node's adapter knows of a request: the request line and the headers as they came, and where the answer goes. */
export interface NodeExchange {
  readonly incoming: IncomingMessage & { readonly url: string };
  readonly outgoing: ServerResponse;
}

/** @param env of a Hono context. `undefined` without a socket */
export function nodeExchange(env: unknown): NodeExchange | undefined {
  if (typeof env !== "object" || env === null || !("incoming" in env) || !("outgoing" in env))
    return undefined;
  const { incoming, outgoing } = env;
  return incoming instanceof IncomingMessage && hasUrl(incoming) && outgoing instanceof ServerResponse
    ? { incoming, outgoing }
    : undefined;
}

/** A server's messages have it. */
function hasUrl(incoming: IncomingMessage): incoming is NodeExchange["incoming"] {
  return incoming.url !== undefined;
}
