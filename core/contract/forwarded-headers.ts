import type { Header } from "./execute.ts";

/** What a handler may see of the caller's headers. Credentials and cookies are not among them by construction. */
export const FORWARDED_HEADERS = [
  "accept",
  "accept-encoding",
  "content-type",
  "user-agent",
  "x-request-id",
  "x-idempotency-key",
] as const;

/** Headers for the handler: the forwarded ones, in order, and those that the gateway vouches for. */
export function forwardHeaders(
  headers: readonly Header[],
  injected: { readonly requestId: string; readonly tenantId: string; readonly extensionId: string },
): Header[] {
  const forwarded = headers
    .map(({ name, value }) => ({ name: name.toLowerCase(), value }))
    .filter(({ name }) => isForwarded(name) && name !== "x-request-id");
  return [
    ...forwarded,
    { name: "x-request-id", value: injected.requestId },
    { name: "x-alga-tenant", value: injected.tenantId },
    { name: "x-alga-extension", value: injected.extensionId },
  ];
}

export function isForwarded(name: string): boolean {
  const forwarded: readonly string[] = FORWARDED_HEADERS;
  return forwarded.includes(name.toLowerCase());
}
