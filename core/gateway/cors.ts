import type { Context, MiddlewareHandler } from "hono";
import { METHODS } from "../policy/index.ts";

const REQUEST_HEADERS = "authorization, content-type, x-api-key, x-idempotency-key, x-request-id";
const ANSWER_HEADERS =
  "idempotent-replayed, retry-after, x-ratelimit-limit, x-ratelimit-remaining, x-ratelimit-reset, x-request-id";
const MAX_AGE_SECONDS = "600";

/** Origin of the extension's own page, of the form `http://<label>.localhost:<port>`; `undefined`: it has none. */
export type PreviewOrigin = (extension: string) => string | undefined;

/**
 * Lets an extension's own page, in a preview that has an origin, call its own extension; every other page hears nothing.
 * A frame without an origin sends `null`, as any sandboxed page of the internet does, so `null` is never let in.
 * No credentials of the browser: who calls brings a key.
 * @param extensionOf the reference in the path, decoded
 */
export function previewOriginOnly(
  originOf: PreviewOrigin,
  extensionOf: (context: Context) => string,
): MiddlewareHandler {
  return async (context, next) => {
    const origin = context.req.header("origin");
    const isPreview = origin !== undefined && origin !== "null" && originOf(extensionOf(context)) === origin;
    const isPreflight =
      context.req.method === "OPTIONS" && context.req.header("access-control-request-method");
    if (isPreview && isPreflight) {
      return context.body(null, 204, {
        "access-control-allow-origin": origin,
        "access-control-allow-methods": [...METHODS, "HEAD"].join(", "),
        "access-control-allow-headers": REQUEST_HEADERS,
        "access-control-max-age": MAX_AGE_SECONDS,
        vary: "origin",
      });
    }
    await next();
    if (origin !== undefined) context.header("vary", "origin");
    if (!isPreview) return;
    context.header("access-control-allow-origin", origin);
    context.header("access-control-expose-headers", ANSWER_HEADERS);
  };
}
