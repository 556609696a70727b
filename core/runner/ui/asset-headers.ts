import { lookup } from "mrmime";
import { PREVIEW_CONSOLE_SOURCE } from "./preview-console.ts";

const CHARSET_TYPES = /^(?:text\/|application\/(?:json|javascript|xml|manifest\+json)$|image\/svg\+xml$)/;

/** Content type by the file's extension; what is unknown is never sniffed into something else. */
export function contentTypeOf(path: string): string {
  const type = lookup(path) ?? "application/octet-stream";
  return CHARSET_TYPES.test(type) && !type.includes("charset") ? `${type}; charset=utf-8` : type;
}

/**
 * Policy of an extension's page. Scripts come from its own files only; it talks to the platform through
 * messages, and only the host's pages may frame it. `sandboxed`: the page is not on an origin of its own, so it
 * is put on an opaque one. `reportKey`: the page is in a preview, which shows the violations and the console.
 */
export function contentSecurityPolicy(
  hostOrigins: readonly string[],
  sandboxed: boolean,
  reportKey?: string,
): string {
  const [host] = hostOrigins;
  return [
    "default-src 'self'",
    reportKey === undefined ? "script-src 'self'" : `script-src 'self' ${PREVIEW_CONSOLE_SOURCE}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    `frame-ancestors ${hostOrigins.length === 0 ? "'none'" : hostOrigins.join(" ")}`,
    ...(sandboxed ? ["sandbox allow-scripts allow-forms"] : []),
    ...(host === undefined || reportKey === undefined
      ? []
      : [`report-uri ${host}/preview-reports/${reportKey}`]),
  ].join("; ");
}

/** Headers of every answer below `/ext-ui/`: module scripts are loaded from an opaque origin, hence the `*`. */
export const COMMON_HEADERS = {
  "access-control-allow-origin": "*",
  "cross-origin-resource-policy": "cross-origin",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
} as const;

/** What is under a content hash never changes. */
export const IMMUTABLE = "public, max-age=31536000, immutable";

/** Whether `If-None-Match` names the entity; comparison is weak, as the RFC has it for GET. */
export function matchesEtag(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  return ifNoneMatch.split(",").some((candidate) => {
    const tag = candidate.trim().replace(/^W\//, "");
    return tag === "*" || tag === etag;
  });
}
