import type { ContentHash } from "../contract/content-hash.ts";
import { WorkbenchError } from "../contract/errors.ts";
import type { Catalogue } from "./catalogue.ts";
import type { RegistryOptions } from "./ports.ts";

/** A publish in another process puts its object first and its rows second; this long it may take in between. */
const ORPHAN_GRACE_MS = 60 * 60 * 1000;

/**
 * Keeps objects and rows in step. Rows never wait for objects under a lock, so every removal checks again afterwards
 * and puts back what turned out to be needed, and every publish checks after its commit that the object is there.
 */
export type Custody = ReturnType<typeof createCustody>;

export function createCustody({ database, objects, clock }: RegistryOptions, catalogue: Catalogue) {
  const sql = {
    orphan: database.prepare<[string], { seen_at: string }>(
      "SELECT seen_at FROM extension_object_orphan WHERE content_hash = ?",
    ),
    orphans: database.prepare<[], { content_hash: string }>(
      "SELECT content_hash FROM extension_object_orphan",
    ),
    see: database.prepare(
      "INSERT OR IGNORE INTO extension_object_orphan (content_hash, seen_at) VALUES (?, ?)",
    ),
    forget: database.prepare("DELETE FROM extension_object_orphan WHERE content_hash = ?"),
  };

  /** Puts object and signature there if they are not. */
  async function ensure(hash: ContentHash, archive: Uint8Array): Promise<void> {
    if (!(await objects.has(hash))) await objects.putArchive(archive);
    const signature = catalogue.signatureOf(hash);
    if (signature !== undefined && (await objects.getSignature(hash)) !== signature) {
      await objects.putSignature(hash, signature);
    }
  }

  /** Stores the archive; an object that has rotted gives way, because the right bytes are at hand. */
  async function put(hash: ContentHash, archive: Uint8Array): Promise<ContentHash> {
    try {
      return await objects.putArchive(archive);
    } catch (error) {
      if (!(error instanceof WorkbenchError && error.code === "object_corrupt")) throw error;
      await objects.remove(hash);
      return objects.putArchive(archive);
    }
  }

  /** Removes an object that no row names. A row that appeared meanwhile gets its object back. */
  async function removeUnused(hash: ContentHash): Promise<boolean> {
    if (catalogue.hasBundle(hash)) return false;
    // A corrupt object is worth nothing to a publish that may be under way: it writes its own.
    const archive = await objects.getArchive(hash).catch(() => undefined);
    await objects.remove(hash);
    if (archive && catalogue.hasBundle(hash)) await ensure(hash, archive);
    return true;
  }

  return {
    put,
    ensure,
    removeUnused,

    /**
     * Removes objects that a killed publish left behind, once they have been seen unused for an hour.
     * Returns the hashes removed. Safe beside publishes of this and of other processes.
     */
    async collectGarbage(): Promise<ContentHash[]> {
      const now = clock.now();
      const removed: ContentHash[] = [];
      const present = new Set<string>();
      for await (const hash of objects.list()) {
        present.add(hash);
        if (catalogue.hasBundle(hash)) {
          sql.forget.run(hash);
          continue;
        }
        const seen = sql.orphan.get(hash);
        if (!seen) sql.see.run(hash, now.toISOString());
        else if (now.getTime() - Date.parse(seen.seen_at) >= ORPHAN_GRACE_MS) {
          if (await removeUnused(hash)) removed.push(hash);
          sql.forget.run(hash);
        }
      }
      for (const { content_hash } of sql.orphans.all()) {
        if (!present.has(content_hash)) sql.forget.run(content_hash);
      }
      return removed;
    },
  };
}
