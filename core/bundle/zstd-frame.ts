import { BundleError, type BundleErrorCode } from "./errors.ts";

const MAGIC = 0xfd2fb528;
const SKIPPABLE_MAGIC = 0x184d2a50;
const SKIPPABLE_MAGIC_MASK = 0xfffffff0;
const CHECKSUM_BYTES = 4;
const BLOCK_HEADER_BYTES = 3;
const BLOCK_RLE = 1;
const BLOCK_RESERVED = 3;
const DICTIONARY_ID_BYTES = [0, 1, 2, 4] as const;

export interface ZstdFrame {
  /** History the decompressor must keep, in bytes. */
  readonly windowBytes: number;
  /** Unpacked size as the frame declares it; `undefined` when the packer did not know. */
  readonly contentBytes: number | undefined;
}

/**
 * Walks the outline of a Zstandard file (RFC 8878) without decompressing it, and refuses everything but exactly
 * one complete frame. Node's decompressor accepts trailing bytes and concatenated frames in silence, which
 * would let two different files, with two hashes, unpack to one bundle.
 */
export function readZstdFrame(archive: Uint8Array): ZstdFrame {
  const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength);
  if (archive.byteLength < 4)
    throw refused(archive.byteLength === 0 ? "archive_truncated" : "archive_not_zstd");
  const magic = view.getUint32(0, true);
  if (isSkippable(magic)) throw refused("archive_not_single_frame", 0);
  if (magic !== MAGIC) throw refused("archive_not_zstd", 0);
  const header = readHeader(view);
  const end = skipBlocks(view, header.end) + (header.hasChecksum ? CHECKSUM_BYTES : 0);
  if (end > archive.byteLength) throw refused("archive_truncated", archive.byteLength);
  if (end < archive.byteLength) throw refused(trailingCode(view, end), end);
  return { windowBytes: header.windowBytes, contentBytes: header.contentBytes };
}

function readHeader(view: DataView): ZstdFrame & { hasChecksum: boolean; end: number } {
  const descriptor = byteAt(view, 4);
  if ((descriptor & 0b1000) !== 0) throw refused("archive_corrupt", 4);
  const singleSegment = (descriptor & 0b10_0000) !== 0;
  let offset = 5;
  let windowBytes = 0;
  if (!singleSegment) {
    const window = byteAt(view, offset);
    offset += 1;
    const base = 2 ** (10 + (window >> 3));
    windowBytes = base + (base / 8) * (window & 0b111);
  }
  const dictionaryBytes = DICTIONARY_ID_BYTES[descriptor & 0b11] ?? 0;
  if (littleEndian(view, offset, dictionaryBytes) !== 0) throw refused("archive_needs_dictionary", offset);
  offset += dictionaryBytes;
  const sizeBytes = [singleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0;
  // The two-byte form starts at 256, because smaller sizes have the one-byte form.
  const declared = littleEndian(view, offset, sizeBytes) + (sizeBytes === 2 ? 256 : 0);
  return {
    windowBytes: singleSegment ? declared : windowBytes,
    contentBytes: sizeBytes === 0 ? undefined : declared,
    hasChecksum: (descriptor & 0b100) !== 0,
    end: offset + sizeBytes,
  };
}

/** Offset of the first byte after the last block. */
function skipBlocks(view: DataView, start: number): number {
  let offset = start;
  for (;;) {
    const header = littleEndian(view, offset, BLOCK_HEADER_BYTES);
    const type = (header >> 1) & 0b11;
    if (type === BLOCK_RESERVED) throw refused("archive_corrupt", offset);
    offset += BLOCK_HEADER_BYTES + (type === BLOCK_RLE ? 1 : header >> 3);
    if ((header & 1) === 1) return offset;
  }
}

function trailingCode(view: DataView, offset: number): "archive_trailing_data" | "archive_not_single_frame" {
  if (offset + 4 > view.byteLength) return "archive_trailing_data";
  const magic = view.getUint32(offset, true);
  return magic === MAGIC || isSkippable(magic) ? "archive_not_single_frame" : "archive_trailing_data";
}

function isSkippable(magic: number): boolean {
  return (magic & SKIPPABLE_MAGIC_MASK) >>> 0 === SKIPPABLE_MAGIC;
}

function byteAt(view: DataView, offset: number): number {
  if (offset >= view.byteLength) throw refused("archive_truncated", view.byteLength);
  return view.getUint8(offset);
}

function littleEndian(view: DataView, offset: number, bytes: number): number {
  if (offset + bytes > view.byteLength) throw refused("archive_truncated", view.byteLength);
  let value = 0;
  for (let index = bytes - 1; index >= 0; index -= 1) value = value * 256 + view.getUint8(offset + index);
  return value;
}

const MESSAGES = {
  archive_truncated: "The archive ends before its compressed data does.",
  archive_not_zstd: "The archive is not a Zstandard file.",
  archive_corrupt: "The archive's compressed data is corrupt.",
  archive_not_single_frame: "The archive holds more than one Zstandard frame.",
  archive_trailing_data: "The archive has bytes after the end of its compressed data.",
  archive_needs_dictionary: "The archive was compressed with a dictionary.",
} as const satisfies Partial<Record<BundleErrorCode, string>>;

function refused(code: keyof typeof MESSAGES, offset?: number): BundleError {
  return new BundleError({
    code,
    message: MESSAGES[code],
    ...(offset === undefined ? {} : { details: { offset } }),
    hint: "Fetch the file again, or pack it with `workbench pack` or `tar | zstd`.",
  });
}
