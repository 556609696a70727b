import type { ContentHash } from "../contract/content-hash.ts";

/** `sha256/<64 hex>/bundle.tar.zst` with `SIGNATURE` beside it: the layout of every object store. */
export const HASH_FOLDER = "sha256";
export const ARCHIVE_FILE = "bundle.tar.zst";
export const SIGNATURE_FILE = "SIGNATURE";

/**
 * Bundles by content hash. An archive once stored never changes; its signature, which is not part of the hash,
 * can be replaced. Failures are `StoreError`s.
 */
export interface ObjectStore {
  has(hash: ContentHash): Promise<boolean>;
  /** Stores the archive and answers its hash. Storing the same bytes again does nothing. */
  putArchive(bytes: Uint8Array): Promise<ContentHash>;
  /** The archive, hashed again while read: `object_corrupt` when it is no longer what was stored. */
  getArchive(hash: ContentHash): Promise<Uint8Array>;
  /** Stores or replaces the detached signature (PEM) of a stored archive. */
  putSignature(hash: ContentHash, pem: string): Promise<void>;
  getSignature(hash: ContentHash): Promise<string | undefined>;
  /** Removes archive and signature in one step; nothing happens when there are none. */
  remove(hash: ContentHash): Promise<void>;
  /** The stored archives' hashes, in no particular order. */
  list(): AsyncIterable<ContentHash>;
}

/** A store that several workbenches share: what is in it is nobody's own to list or to remove. */
export type SharedObjects = Omit<ObjectStore, "remove" | "list">;
