import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join, resolve, sep } from "node:path";
import type { Context } from "hono";
import { lookup } from "mrmime";
import { HostError } from "./errors.ts";
import { isSameSecret } from "./token.ts";

/** Stands in the built page where each load gets a nonce of its own; vite.config.ts writes it. */
const NONCE_PLACEHOLDER = "__STYLE_NONCE__";
const NONCE_BYTES = 16;

/** Files that the build names by their content never change. */
const IMMUTABLE = "public, max-age=31536000, immutable";

export interface RendererOptions {
  /** Folder of the built page. */
  dir: string;
  token: string;
  /** Origins whose pages the window may frame: the runner's, where extension UIs live. */
  frameSources(): readonly string[];
}

/**
 * The page. It is public and holds nothing secret; what it shows it must ask for with the token.
 * `/?token=…` moves the token into the fragment, which no server sees and no referrer carries.
 */
export function createRendererFiles(options: RendererOptions): (context: Context) => Promise<Response> {
  const root = resolve(options.dir);
  return async (context) => {
    const { pathname, searchParams } = new URL(context.req.url);
    const given = searchParams.get("token");
    if (pathname === "/" && given !== null && isSameSecret(given, options.token)) {
      return new Response(null, {
        status: 303,
        headers: { location: `/#token=${encodeURIComponent(given)}`, "cache-control": "no-store" },
      });
    }
    const isIndex = pathname === "/" || pathname === "/index.html";
    const bytes = await readFile(fileOf(root, isIndex ? "/index.html" : pathname)).catch(() => undefined);
    if (bytes === undefined) throw new HostError({ code: "not_found", message: "There is nothing here." });
    const nonce = randomBytes(NONCE_BYTES).toString("base64url");
    const body = isIndex
      ? bytes.toString("utf8").replaceAll(NONCE_PLACEHOLDER, nonce)
      : new Uint8Array(bytes);
    return new Response(body, {
      headers: {
        "content-type": contentType(isIndex ? "index.html" : pathname),
        "cache-control": pathname.startsWith("/assets/") ? IMMUTABLE : "no-store",
        ...pageHeaders(
          options.frameSources(),
          nonce,
          context.req.header("host") ?? new URL(context.req.url).host,
        ),
      },
    });
  };
}

function fileOf(root: string, pathname: string): string {
  let decoded: string;
  try {
    decoded = decodeURIComponent(pathname);
  } catch {
    throw new HostError({ code: "not_found", message: "There is nothing here." });
  }
  const file = join(root, decoded);
  if (decoded.includes("\0") || !file.startsWith(root + sep)) {
    throw new HostError({ code: "not_found", message: "There is nothing here." });
  }
  return file;
}

function contentType(pathname: string): string {
  const type = lookup(pathname) ?? "application/octet-stream";
  return type.startsWith("text/") ? `${type}; charset=utf-8` : type;
}

/** @param host under which the page was asked for: one of our own, with its port */
function pageHeaders(
  frameSources: readonly string[],
  styleNonce: string,
  host: string,
): Record<string, string> {
  const policy = {
    "default-src": "'none'",
    "script-src": "'self'",
    // Of style elements only those that our own script made with the nonce of this load. Attributes carry no address
    // that the directives below do not judge, and the editor positions its lines with them.
    "style-src-elem": `'self' 'nonce-${styleNonce}'`,
    "style-src-attr": "'unsafe-inline'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    // The page talks over its one WebSocket and over nothing else.
    "connect-src": `ws://${host}`,
    "frame-src": frameSources.length === 0 ? "'none'" : frameSources.join(" "),
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
  };
  return {
    "content-security-policy": Object.entries(policy)
      .map(([directive, value]) => `${directive} ${value}`)
      .join("; "),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
  };
}
