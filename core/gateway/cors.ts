import type { HonoRequest } from "hono";
import type { Header } from "../contract/execute.ts";
import { METHODS } from "../policy/index.ts";

const REQUEST_HEADERS = "authorization, content-type, x-api-key, x-idempotency-key, x-request-id";
const ANSWER_HEADERS =
  "idempotent-replayed, retry-after, x-ratelimit-limit, x-ratelimit-remaining, x-ratelimit-reset, x-request-id";
const MAX_AGE_SECONDS = "600";
const VARY: Header = { name: "vary", value: "origin" };

/** Origin of the extension's own page, of the form `http://<label>.localhost:<port>`; `undefined`: it has none. */
export type PreviewOrigin = (extension: string) => string | undefined;

export interface CrossOrigin {
  /** The page asks whether it may call: these headers and 204 are the whole answer. */
  readonly isPreflight: boolean;
  /** To be on the answer besides its own. */
  readonly headers: readonly Header[];
}

const SAME_ORIGIN: CrossOrigin = { isPreflight: false, headers: [] };

/**
 * Lets an extension's own page, in a preview that has an origin, call its own extension; every other page hears nothing.
 * A frame without an origin sends `null`, as any sandboxed page of the internet does, so `null` is never let in.
 * No credentials of the browser: who calls brings a key.
 * @param extension the reference in the path, decoded
 */
export function crossOrigin(request: HonoRequest, originOf: PreviewOrigin, extension: string): CrossOrigin {
  const origin = request.header("origin");
  if (origin === undefined) return SAME_ORIGIN;
  if (origin === "null" || originOf(extension) !== origin) return { isPreflight: false, headers: [VARY] };
  const allowed: Header[] = [{ name: "access-control-allow-origin", value: origin }, VARY];
  if (request.method !== "OPTIONS" || !request.header("access-control-request-method")) {
    allowed.push({ name: "access-control-expose-headers", value: ANSWER_HEADERS });
    return { isPreflight: false, headers: allowed };
  }
  allowed.push(
    { name: "access-control-allow-methods", value: [...METHODS, "HEAD"].join(", ") },
    { name: "access-control-allow-headers", value: REQUEST_HEADERS },
    { name: "access-control-max-age", value: MAX_AGE_SECONDS },
  );
  return { isPreflight: true, headers: allowed };
}
