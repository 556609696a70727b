/** Longest path plus query that the gateway forwards. */
export const MAX_TARGET_BYTES = 8 * 1024;

export type RequestPath =
  | {
      readonly ok: true;
      /** Normal form, what the handler sees: RFC 3986 case and percent-encoding normalisation. */
      readonly path: string;
      /** With its leading `?`, or empty. */
      readonly query: string;
      /** Decoded segments, without the empty one that a trailing slash makes. */
      readonly segments: readonly string[];
    }
  | { readonly ok: false; readonly detail: string };

const UNRESERVED = /[A-Za-z0-9\-._~]/;
/** pchar of RFC 3986 without `%`. */
const NOT_PATH_CHARACTER = /[^A-Za-z0-9\-._~!$&'()*+,;=:@/%]/gu;
const NOT_QUERY_CHARACTER = /[^A-Za-z0-9\-._~!$&'()*+,;=:@/?%]/gu;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this refuses
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;

/**
 * Brings a path into one normal form, or says why it has none.
 *
 * Two spellings that some later hop could read as different resources are refused rather than repaired: dot segments,
 * empty segments, encoded slashes and backslashes. Spellings that are the same resource for everyone (`%41` and `A`,
 * `%c3` and `%C3`, a raw `é` and its encoding) are brought to one. A trailing slash is kept but never matters.
 * @param target path with an optional query, starting with a slash
 */
export function requestPath(target: string): RequestPath {
  if (Buffer.byteLength(target) > MAX_TARGET_BYTES) {
    return bad(`The path and query are longer than ${MAX_TARGET_BYTES} bytes.`);
  }
  if (!target.startsWith("/")) return bad("The path does not start with a slash.");
  if (!target.isWellFormed()) return bad("The path is not valid Unicode.");
  if (target.includes("#")) return bad("The path contains a fragment.");
  if (CONTROL.test(target)) return bad("The path contains a control character.");
  const mark = target.indexOf("?");
  const rawPath = mark === -1 ? target : target.slice(0, mark);
  const query = mark === -1 ? "" : normaliseQuery(target.slice(mark + 1));
  if (rawPath.includes("\\")) return bad("The path contains a backslash.");
  if (query === undefined) return bad("The query has an incomplete percent-encoding.");

  const encoded = rawPath.replace(NOT_PATH_CHARACTER, encodeURIComponent).split("/").slice(1);
  if (encoded.at(-1) === "") encoded.pop();
  const segments: string[] = [];
  const normal: string[] = [];
  for (const raw of encoded) {
    const segment = normaliseSegment(raw);
    if ("detail" in segment) return bad(segment.detail);
    segments.push(segment.decoded);
    normal.push(segment.normal);
  }
  const trailing = rawPath.endsWith("/") && normal.length > 0 ? "/" : "";
  return {
    ok: true,
    path: `/${normal.join("/")}${trailing}`,
    query: query === "" ? "" : `?${query}`,
    segments,
  };
}

/** `undefined` when the segment is not percent-encoded UTF-8. */
export function decodeSegment(raw: string): string | undefined {
  try {
    return decodeURIComponent(raw);
  } catch {
    return undefined;
  }
}

function normaliseSegment(raw: string): { normal: string; decoded: string } | { detail: string } {
  const decoded = decodeSegment(raw);
  if (decoded === undefined) return { detail: "The path is not percent-encoded UTF-8." };
  if (decoded === "") return { detail: "The path has an empty segment." };
  if (decoded === "." || decoded === "..") return { detail: "The path has a dot segment." };
  if (/[/\\]/.test(decoded)) return { detail: "The path has an encoded slash or backslash." };
  if (CONTROL.test(decoded)) return { detail: "The path has an encoded control character." };
  return { normal: normalEncoding(raw), decoded };
}

function normalEncoding(text: string): string {
  return text.replace(/%([0-9a-fA-F]{2})/g, (triplet, hex: string) => {
    const character = String.fromCharCode(Number.parseInt(hex, 16));
    return UNRESERVED.test(character) ? character : triplet.toUpperCase();
  });
}

/** A query is the handler's to read: only its spelling is normalised, its octets may be anything. */
function normaliseQuery(raw: string): string | undefined {
  if (/%(?![0-9a-fA-F]{2})/.test(raw)) return undefined;
  return normalEncoding(raw.replace(NOT_QUERY_CHARACTER, encodeURIComponent));
}

function bad(detail: string): RequestPath {
  return { ok: false, detail };
}
