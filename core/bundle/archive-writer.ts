import { promisify } from "node:util";
import { constants, zstdCompress } from "node:zlib";
import { pack as createTar } from "tar-stream";
import { MANIFEST_FILE } from "../contract/manifest.ts";
import { ARCHIVE_LIMITS, type ArchiveLimits, unpackedAllowance } from "./archive-limits.ts";
import { filePath } from "./entry-path.ts";
import { BundleError, type BundleErrorCode, printable } from "./errors.ts";
import { PathRegister } from "./path-register.ts";

/** One file to pack. */
export interface PackedFile {
  readonly path: string;
  readonly bytes: Uint8Array;
  /** Packed with mode 0755 instead of 0644. */
  readonly executable?: boolean;
}

export interface PackArchiveOptions {
  /** Figures to hold the archive to; the bundle format's own where absent. */
  readonly limits?: Partial<ArchiveLimits>;
}

/**
 * Part of the canonical form: another level gives other bytes and another content hash. zstd's own default: every save
 * packs anew, so that less than half the time counts for more than eight per cent of size (docs/decisions/0020).
 */
const ZSTD_LEVEL = 3;

const FILE_MODE = 0o644;
const EXECUTABLE_MODE = 0o755;
const compress = promisify(zstdCompress);

/**
 * The canonical archive of these files: entries sorted by the bytes of their path, no folders, mtime 0,
 * uid and gid 0, no names, modes 0644 and 0755, one zstd frame. The same files give the same bytes, in
 * whatever order they come. Refuses what the reader would refuse, so that nothing is packed in vain.
 */
export async function packArchive(
  files: Iterable<PackedFile>,
  options: PackArchiveOptions = {},
): Promise<Uint8Array> {
  const limits = { ...ARCHIVE_LIMITS, ...options.limits };
  const tar = await tarOf(canonicalFiles(files, limits), limits);
  const archive = await compress(tar, {
    pledgedSrcSize: tar.byteLength,
    params: {
      [constants.ZSTD_c_compressionLevel]: ZSTD_LEVEL,
      [constants.ZSTD_c_checksumFlag]: 1,
      [constants.ZSTD_c_contentSizeFlag]: 1,
    },
  });
  if (archive.byteLength > limits.archiveBytes) {
    throw refused("archive_too_large", "The packed archive is larger than a bundle may be.", {
      bytes: archive.byteLength,
      allowed_bytes: limits.archiveBytes,
    });
  }
  const allowance = unpackedAllowance(archive.byteLength, limits);
  if (tar.byteLength > allowance.bytes) {
    throw refused(
      allowance.rule,
      "The files compress so well that readers would take the archive for a bomb.",
      {
        bytes: tar.byteLength,
        allowed_bytes: allowance.bytes,
      },
    );
  }
  return archive;
}

function canonicalFiles(files: Iterable<PackedFile>, limits: ArchiveLimits): PackedFile[] {
  const register = new PathRegister();
  const packed: (PackedFile & { key: Buffer })[] = [];
  for (const file of files) {
    const path = filePath(file.path, limits.pathBytes);
    register.addFile(path);
    const allowedBytes = path === MANIFEST_FILE ? limits.manifestBytes : limits.entryBytes;
    if (file.bytes.byteLength > allowedBytes) {
      throw refused(
        path === MANIFEST_FILE ? "manifest_too_large" : "entry_too_large",
        "A file is larger than a bundle may hold.",
        { path: printable(path), bytes: file.bytes.byteLength, allowed_bytes: allowedBytes },
      );
    }
    packed.push({ ...file, path, key: Buffer.from(path) });
    if (packed.length > limits.entries) {
      throw refused("too_many_entries", "There are more files than a bundle may hold.", {
        allowed_entries: limits.entries,
      });
    }
  }
  register.close();
  return packed.sort((left, right) => Buffer.compare(left.key, right.key));
}

async function tarOf(files: readonly PackedFile[], limits: ArchiveLimits): Promise<Buffer> {
  const total = files.reduce((sum, file) => sum + file.bytes.byteLength, 0);
  if (total > limits.unpackedBytes) {
    throw refused("unpacked_too_large", "The files together are larger than a bundle may hold.", {
      bytes: total,
      allowed_bytes: limits.unpackedBytes,
    });
  }
  const tar = createTar();
  const failed = writeEntries(tar, files).catch((error: unknown) => tar.destroy(asError(error)));
  const chunks: Uint8Array[] = [];
  // A readable of buffers by its documentation; its types only say that it is iterable.
  for await (const chunk of tar as AsyncIterable<Uint8Array>) chunks.push(chunk);
  await failed;
  return Buffer.concat(chunks);
}

async function writeEntries(tar: ReturnType<typeof createTar>, files: readonly PackedFile[]): Promise<void> {
  const epoch = new Date(0);
  for (const file of files) {
    await new Promise<void>((resolve, reject) => {
      tar.entry(
        {
          name: file.path,
          size: file.bytes.byteLength,
          mode: file.executable === true ? EXECUTABLE_MODE : FILE_MODE,
          mtime: epoch,
          uid: 0,
          gid: 0,
          type: "file",
        },
        Buffer.from(file.bytes.buffer, file.bytes.byteOffset, file.bytes.byteLength),
        (error) => (error ? reject(error) : resolve()),
      );
    });
  }
  tar.finalize();
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

function refused(code: BundleErrorCode, message: string, details: Record<string, unknown>): BundleError {
  return new BundleError({ code, message, details, hint: "Leave out files that the bundle does not need." });
}
