import type { ContentHash } from "../contract/content-hash.ts";
import { StoreError } from "./errors.ts";

/** What every object store says in the same words, wherever its objects lie. @throws StoreError `object_too_large` */
export function refuseOversize(bytes: number, allowedBytes: number): void {
  if (bytes <= allowedBytes) return;
  throw new StoreError({
    code: "object_too_large",
    message: "The object is larger than the store takes.",
    details: { bytes, allowed_bytes: allowedBytes },
  });
}

/** Types keep such a hash out; a path or a key is nothing to leave to types. */
export function malformed(): StoreError {
  return new StoreError({
    code: "object_not_found",
    message: "What was asked for is no content hash.",
    details: { expected: "sha256: followed by 64 lowercase hex digits" },
  });
}

export function notFound(hash: ContentHash): StoreError {
  return new StoreError({
    code: "object_not_found",
    message: `There is no bundle ${hash} in the store.`,
    details: { content_hash: hash },
  });
}

export function corrupt(hash: ContentHash, hint: string, details: Record<string, unknown>): StoreError {
  return new StoreError({
    code: "object_corrupt",
    kind: "system",
    message: `The stored bundle ${hash} is no longer what was stored.`,
    details: { content_hash: hash, ...details },
    hint,
  });
}
