import { createHash, timingSafeEqual } from "node:crypto";
import type { Context } from "hono";

const BEARER = /^bearer +([A-Za-z0-9\-._~+/]+=*)$/i;

/** Compares without telling by its time how much agreed; hashing makes the lengths equal. */
export function isSameSecret(given: string, expected: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

export function bearerOf(context: Context): string | undefined {
  return BEARER.exec(context.req.header("authorization") ?? "")?.[1];
}
