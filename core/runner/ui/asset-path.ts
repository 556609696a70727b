/** Where a UI request points, or why it is refused. */
export type AssetPath =
  | {
      readonly kind: "asset";
      readonly extensionId: string;
      readonly contentHash: string;
      readonly path: string;
    }
  | { readonly kind: "traversal" }
  | { readonly kind: "unknown" };

const PREFIX = "/ext-ui/";

/**
 * Reads `/ext-ui/{extensionId}/{content_hash}/{path}` from the target as sent. Every segment is decoded once and
 * then must be a plain name: whatever could climb (dot segments, separators that were encoded, NUL) is told
 * apart from what merely does not exist.
 */
export function readAssetPath(target: string): AssetPath {
  const path = target.split(/[?#]/, 1)[0] ?? "";
  if (!path.startsWith(PREFIX)) return { kind: "unknown" };
  const segments: string[] = [];
  for (const raw of path.slice(PREFIX.length).split("/")) {
    const segment = decoded(raw);
    if (segment === undefined || isHostile(segment)) return { kind: "traversal" };
    segments.push(segment);
  }
  const [extensionId, contentHash, ...rest] = segments;
  if (!extensionId || !contentHash) return { kind: "unknown" };
  // `…/hash` and `…/hash/` are the entry page; an empty segment anywhere else is no file's name.
  if (rest.slice(0, -1).includes("")) return { kind: "unknown" };
  return { kind: "asset", extensionId, contentHash, path: rest.join("/") };
}

function decoded(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}

function isHostile(segment: string): boolean {
  // Still encoded after one decoding: some later reader might decode again.
  return segment === "." || segment === ".." || /[/\\\0]|%2e|%2f|%5c/i.test(segment);
}
