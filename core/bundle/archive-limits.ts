import {
  KIB,
  MAX_ARCHIVE_BYTES,
  MAX_ARCHIVE_ENTRIES,
  MAX_ENTRY_BYTES,
  MAX_ENTRY_PATH_BYTES,
  MAX_EXPANSION_RATIO,
  MAX_MANIFEST_BYTES,
  MAX_UNPACKED_BYTES,
  MIB,
} from "../contract/limits.ts";

/**
 * Unpacked bytes below which the expansion ratio is not judged. A tar of one small file is padded to 10 KiB by
 * the usual tools and compresses to less than a hundredth of that without being a bomb.
 */
const EXPANSION_FLOOR_BYTES = 64 * KIB;

/** One extended header (pax records, GNU long name). Real ones hold a path and a few attributes. */
const MAX_EXTENDED_HEADER_BYTES = 64 * KIB;

/** History that the decompressor must keep: what the zstd command line accepts without being told otherwise. */
export const MAX_ZSTD_WINDOW_LOG = 27;
const MAX_ZSTD_WINDOW_BYTES = 128 * MIB;

/** Every figure that reading an archive is held to, in bytes unless the name says otherwise. */
export interface ArchiveLimits {
  readonly archiveBytes: number;
  readonly unpackedBytes: number;
  readonly expansionRatio: number;
  readonly expansionFloorBytes: number;
  readonly entries: number;
  readonly entryBytes: number;
  readonly pathBytes: number;
  readonly extendedHeaderBytes: number;
  readonly manifestBytes: number;
  readonly windowBytes: number;
}

export const ARCHIVE_LIMITS: ArchiveLimits = {
  archiveBytes: MAX_ARCHIVE_BYTES,
  unpackedBytes: MAX_UNPACKED_BYTES,
  expansionRatio: MAX_EXPANSION_RATIO,
  expansionFloorBytes: EXPANSION_FLOOR_BYTES,
  entries: MAX_ARCHIVE_ENTRIES,
  entryBytes: MAX_ENTRY_BYTES,
  pathBytes: MAX_ENTRY_PATH_BYTES,
  extendedHeaderBytes: MAX_EXTENDED_HEADER_BYTES,
  manifestBytes: MAX_MANIFEST_BYTES,
  windowBytes: MAX_ZSTD_WINDOW_BYTES,
};

/** Bytes that an archive of this size may unpack to, and which of the two rules says so. */
export function unpackedAllowance(
  archiveBytes: number,
  limits: ArchiveLimits,
): { bytes: number; rule: "unpacked_too_large" | "expansion_too_large" } {
  const byRatio = Math.max(archiveBytes * limits.expansionRatio, limits.expansionFloorBytes);
  return byRatio < limits.unpackedBytes
    ? { bytes: byRatio, rule: "expansion_too_large" }
    : { bytes: limits.unpackedBytes, rule: "unpacked_too_large" };
}
