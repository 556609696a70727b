import { type BigIntStats, statSync } from "node:fs";
import { join } from "node:path";
import { type ContentHash, normaliseContentHash } from "../../contract/content-hash.ts";

/** Names of the object layout: `sha256/<hex>/bundle.tar.zst` with `SIGNATURE` beside it. */
const ARCHIVE_FILE = "bundle.tar.zst";
const SIGNATURE_FILE = "SIGNATURE";

export interface ObjectFiles {
  readonly archive: string;
  readonly signature: string;
}

export function objectFiles(objectsDir: string, contentHash: ContentHash): ObjectFiles {
  // The hash becomes a path: it is checked here, whatever was checked before.
  const hex = normaliseContentHash(contentHash)?.slice("sha256:".length);
  if (hex === undefined) throw new Error("not a content hash");
  const folder = join(objectsDir, "sha256", hex);
  return { archive: join(folder, ARCHIVE_FILE), signature: join(folder, SIGNATURE_FILE) };
}

/**
 * Changes whenever either file is replaced or written to, so that a judgement about their bytes is not used for
 * others. Some ten microseconds; `undefined` when there is no archive.
 */
export function objectIdentity({ archive, signature }: ObjectFiles): string | undefined {
  const stats = statSync(archive, { bigint: true, throwIfNoEntry: false });
  if (stats === undefined) return undefined;
  return `${identity(stats)}/${identity(statSync(signature, { bigint: true, throwIfNoEntry: false }))}`;
}

function identity(stats: BigIntStats | undefined): string {
  return stats === undefined ? "-" : `${stats.ino}.${stats.size}.${stats.mtimeNs}.${stats.ctimeNs}`;
}
