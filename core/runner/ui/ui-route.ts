import { createHash } from "node:crypto";
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import { normaliseContentHash } from "../../contract/content-hash.ts";
import type { BundleLoader } from "../bundles/bundle-loader.ts";
import { BundleLoadError } from "../bundles/errors.ts";
import type { UiFiles } from "../bundles/preparation.ts";
import { answerError } from "../server/answer.ts";
import { type Authority, extensionLabel } from "../server/authority.ts";
import {
  COMMON_HEADERS,
  contentSecurityPolicy,
  contentTypeOf,
  IMMUTABLE,
  matchesEtag,
} from "./asset-headers.ts";
import { readAssetPath } from "./asset-path.ts";
import { askedRange } from "./byte-range.ts";
import { withPreviewConsole } from "./preview-console.ts";
import type { UiInstalls } from "./ui-installs.ts";

export interface UiRouteOptions {
  readonly installs: UiInstalls;
  readonly bundles: Pick<BundleLoader, "ui" | "uiFile">;
  /** Origins that may frame a page. */
  hostOrigins(): readonly string[];
}

/** `GET /ext-ui/{extensionId}/{content_hash}/{path below ui/}`. */
export function createUiRoute(options: UiRouteOptions) {
  return async (
    request: IncomingMessage,
    response: ServerResponse,
    target: string,
    authority: Authority,
  ): Promise<void> => {
    for (const [name, value] of Object.entries(COMMON_HEADERS)) response.setHeader(name, value);
    if (request.method !== "GET" && request.method !== "HEAD") {
      response.setHeader("allow", "GET, HEAD");
      return answerError(response, 405, "method_not_allowed", "Only GET and HEAD are allowed here.");
    }
    const asked = readAssetPath(target);
    if (asked.kind === "traversal")
      return answerError(response, 400, "malformed_request", "The path is malformed.");
    if (asked.kind === "unknown") return notFound(response);
    const { extensionId } = asked;
    if (authority.kind === "extension" && authority.label !== extensionLabel(extensionId))
      return notFound(response);
    const contentHash = normaliseContentHash(asked.contentHash);
    if (contentHash === undefined) return notFound(response);
    const tenantIds = await options.installs.tenantsWith(extensionId, contentHash);
    if (tenantIds.length === 0) return notFound(response);
    let path: string | undefined;
    let bytes: Uint8Array | undefined;
    try {
      const ui = await options.bundles.ui(contentHash, tenantIds);
      path = chosenPath(ui, asked.path, request.headers);
      if (path !== undefined) bytes = await options.bundles.uiFile(contentHash, ui, path);
    } catch (error) {
      if (error instanceof BundleLoadError)
        return answerError(
          response,
          502,
          error.verificationCode ?? error.code,
          "The bundle cannot be served.",
        );
      throw error;
    }
    if (path === undefined || bytes === undefined) return notFound(response);
    const sandboxed = authority.kind === "runner";
    const reportKey = reportKeyOf(target);
    response.setHeader(
      "content-security-policy",
      contentSecurityPolicy(options.hostOrigins(), sandboxed, reportKey),
    );
    const isPreviewed = reportKey !== undefined && contentTypeOf(path).startsWith("text/html");
    send(request, response, path, isPreviewed ? withPreviewConsole(bytes) : bytes);
  };
}

/** Where a preview hears of violations: its address says, and nothing that could end the header's value. */
function reportKeyOf(target: string): string | undefined {
  const key = new URLSearchParams(target.split("?", 2)[1]).get("report");
  return key !== null && /^[A-Za-z0-9_-]{16,128}$/.test(key) ? key : undefined;
}

function send(request: IncomingMessage, response: ServerResponse, path: string, bytes: Uint8Array): void {
  const etag = `"${createHash("sha256").update(bytes).digest("hex")}"`;
  response.setHeader("etag", etag);
  response.setHeader("cache-control", IMMUTABLE);
  if (matchesEtag(request.headers["if-none-match"], etag)) {
    response.writeHead(304).end();
    return;
  }
  response.setHeader("accept-ranges", "bytes");
  const range = request.method === "GET" ? askedRange(request.headers, etag, bytes.byteLength) : undefined;
  if (range === "unsatisfiable") {
    // What is said of an error is not what is kept under the hash.
    response.setHeader("cache-control", "no-store");
    response.setHeader("content-range", `bytes */${bytes.byteLength}`);
    answerError(response, 416, "range_not_satisfiable", "The file has no such range.");
    return;
  }
  const part = range === undefined ? bytes : bytes.subarray(range.first, range.last + 1);
  if (range !== undefined)
    response.setHeader("content-range", `bytes ${range.first}-${range.last}/${bytes.byteLength}`);
  response.writeHead(range === undefined ? 200 : 206, {
    "content-type": contentTypeOf(path),
    "content-length": part.byteLength,
  });
  response.end(request.method === "HEAD" ? undefined : part);
}

/** The file itself, or the entry page for a navigation: a single-page UI routes on its own paths. */
function chosenPath(ui: UiFiles, path: string, headers: IncomingHttpHeaders): string | undefined {
  if (ui.files.has(path)) return path;
  return path === "" || isNavigation(path, headers) ? ui.entry : undefined;
}

/** Browsers say so; of other clients, one that wants HTML or names no file type is taken at its word. */
function isNavigation(path: string, headers: IncomingHttpHeaders): boolean {
  const mode = headers["sec-fetch-mode"];
  if (mode !== undefined) return mode === "navigate";
  if (headers.accept?.includes("text/html")) return true;
  return !/\.[^/]+$/.test(path);
}

function notFound(response: ServerResponse): void {
  answerError(response, 404, "not_found", "No such asset.");
}
