import type { ContentHash } from "../contract/content-hash.ts";
import { isAway, StoreError, type StoreErrorCode } from "./errors.ts";
import type { FileObjectStore } from "./file-object-store.ts";
import type { ObjectStore, SharedObjects } from "./objects.ts";

/**
 * A shared store read through a folder. Archives come from the folder once they are there; the signature of record
 * is the shared store's, and the folder's is used only while that cannot be asked. `list` and `remove` are about the
 * folder: other workbenches use what this one no longer names.
 */
export interface CachedObjectStore extends ObjectStore {
  /**
   * Resolves when the folder has the archive, whole, and its signature: for readers that know only the folder.
   * Asks the shared store only for what is missing or damaged.
   */
  ensure(hash: ContentHash): Promise<void>;
}

const LOST: ReadonlySet<StoreErrorCode> = new Set(["object_not_found", "object_corrupt"]);

export function createCachedObjectStore(shared: SharedObjects, cache: FileObjectStore): CachedObjectStore {
  /** However many ask for one bundle at the same time, it is fetched once. */
  const fetching = new Map<ContentHash, Promise<Uint8Array>>();
  /** Stamps of cached archives whose bytes this process has hashed. */
  const sound = new Map<ContentHash, string>();

  function fetchArchive(hash: ContentHash): Promise<Uint8Array> {
    const running = fetching.get(hash);
    if (running !== undefined) return running;
    const fetched = (async () => {
      const bytes = await shared.getArchive(hash);
      const signature = await shared.getSignature(hash);
      await keepArchive(hash, bytes);
      await keepSignature(hash, signature);
      return bytes;
    })().finally(() => fetching.delete(hash));
    fetching.set(hash, fetched);
    return fetched;
  }

  /** The right bytes are at hand: a damaged copy gives way. */
  async function keepArchive(hash: ContentHash, bytes: Uint8Array): Promise<void> {
    const kept = await orElse(LOST, cache.putArchive(bytes), undefined);
    if (kept !== undefined) return;
    await cache.remove(hash);
    await cache.putArchive(bytes);
  }

  /** Makes the cached signature, of an archive that is cached, what the shared store says. */
  async function keepSignature(hash: ContentHash, signature: string | undefined): Promise<void> {
    if ((await cache.getSignature(hash)) === signature) return;
    if (signature !== undefined) return cache.putSignature(hash, signature);
    const archive = await cache.getArchive(hash);
    await cache.remove(hash);
    await cache.putArchive(archive);
  }

  async function getArchive(hash: ContentHash): Promise<Uint8Array> {
    return (await orElse(LOST, cache.getArchive(hash), undefined)) ?? fetchArchive(hash);
  }

  return {
    has: (hash) => shared.has(hash),
    getArchive,
    async putArchive(bytes) {
      const hash = await shared.putArchive(bytes);
      await keepArchive(hash, bytes);
      return hash;
    },
    async putSignature(hash, pem) {
      await shared.putSignature(hash, pem);
      if (await cache.has(hash)) await cache.putSignature(hash, pem);
    },
    async getSignature(hash) {
      const isCached = await cache.has(hash);
      try {
        const signature = await shared.getSignature(hash);
        if (isCached) await orElse(LOST, keepSignature(hash, signature), undefined);
        return signature;
      } catch (error) {
        if (isCached && isAway(error)) return cache.getSignature(hash);
        throw error;
      }
    },
    remove: (hash) => cache.remove(hash),
    list: () => cache.list(),
    async ensure(hash) {
      const stamp = await cache.stamp(hash);
      if (stamp !== undefined && sound.get(hash) === stamp) return;
      await getArchive(hash);
      const now = await cache.stamp(hash);
      if (now !== undefined) sound.set(hash, now);
    },
  };
}

async function orElse<T, U>(codes: ReadonlySet<StoreErrorCode>, work: Promise<T>, other: U): Promise<T | U> {
  return work.catch((error: unknown) => {
    if (error instanceof StoreError && codes.has(error.code)) return other;
    throw error;
  });
}
