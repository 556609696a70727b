import { createHash, timingSafeEqual } from "node:crypto";
import type { Context, MiddlewareHandler } from "hono";
import { HostError } from "./errors.ts";

const BEARER = /^bearer +([A-Za-z0-9\-._~+/]+=*)$/i;

/** Compares without telling by its time how much agreed; hashing makes the lengths equal. */
export function isSameSecret(given: string, expected: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

export function bearerOf(context: Context): string | undefined {
  return BEARER.exec(context.req.header("authorization") ?? "")?.[1];
}

/**
 * Only the header opens the host, never a cookie: no other page can make a browser send it, and no other server on
 * this machine is sent it along (cookies do not know ports).
 */
export function tokenOnly(token: string): MiddlewareHandler {
  return async (context, next) => {
    const given = bearerOf(context);
    if (given === undefined || !isSameSecret(given, token)) {
      throw new HostError({
        code: "unauthenticated",
        kind: "refused",
        message: "The request needs the host's token.",
        hint: "Open the address that the workbench printed when it started.",
      });
    }
    return next();
  };
}
