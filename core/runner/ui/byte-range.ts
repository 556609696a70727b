import type { IncomingHttpHeaders } from "node:http";

/** Positions of bytes, both included. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/**
 * The part that a GET asks for (RFC 9110, 14.2); `undefined`: the whole. Units other than bytes, several ranges at once and a
 * condition that does not hold mean the whole, too; what is malformed or lies outside the file is unsatisfiable.
 */
export function askedRange(
  headers: IncomingHttpHeaders,
  etag: string,
  size: number,
): ByteRange | "unsatisfiable" | undefined {
  const { range, "if-range": condition } = headers;
  // Compared strongly. There are no dates of modification here, so that no date matches.
  if (range === undefined || (condition !== undefined && String(condition).trim() !== etag)) return undefined;
  const set = /^bytes\s*=(.*)$/i.exec(range.trim())?.[1];
  if (set === undefined || set.includes(",")) return undefined;
  const [, from, to] = /^\s*(\d{0,15})\s*-\s*(\d{0,15})\s*$/.exec(set) ?? [];
  if (from === undefined || to === undefined || (from === "" && to === "")) return "unsatisfiable";
  const first = from === "" ? Math.max(0, size - Number(to)) : Number(from);
  const last = from === "" || to === "" ? size - 1 : Math.min(Number(to), size - 1);
  // The last no bytes are none, and a range that ends before it begins has none either.
  return first >= size || last < first || (from !== "" && to !== "" && Number(to) < first)
    ? "unsatisfiable"
    : { first, last };
}
