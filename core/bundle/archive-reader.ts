import { constants, createZstdDecompress } from "node:zlib";
import { MANIFEST_FILE } from "../contract/manifest.ts";
import {
  ARCHIVE_LIMITS,
  type ArchiveLimits,
  MAX_ZSTD_WINDOW_LOG,
  unpackedAllowance,
} from "./archive-limits.ts";
import { ByteSource } from "./byte-source.ts";
import { entryPath, filePath } from "./entry-path.ts";
import { BundleError } from "./errors.ts";
import { PathRegister } from "./path-register.ts";
import { type TarEntry, TarReader } from "./tar-reader.ts";
import { readZstdFrame } from "./zstd-frame.ts";

/** One file of an archive, readable while its visit lasts. */
export interface ArchiveEntry {
  /** Relative, normalised, `/` between segments. */
  readonly path: string;
  /** In bytes. */
  readonly size: number;
  readonly executable: boolean;
  /** The whole file. */
  read(): Promise<Uint8Array>;
  /** The file chunk by chunk, for what needs not hold it. Either this or `read`, once. */
  chunks(): AsyncIterable<Uint8Array>;
}

export interface ReadArchiveOptions {
  /** Figures to hold the archive to; the bundle format's own where absent. */
  readonly limits?: Partial<ArchiveLimits>;
}

const CHUNK_BYTES = 128 * 1024;

/**
 * Visits every file of a bundle in the archive's order, unpacking as it goes: memory stays bounded by what a
 * visit reads, and a bomb is left as soon as it passes a limit. Nothing that was visited may be relied on
 * before the promise resolves: the last byte can still show that the archive is not sane.
 *
 * Throws {@link BundleError} for every archive that is not one frame of one plain, unambiguous tar.
 */
export async function walkArchive(
  archive: Uint8Array,
  visit: (entry: ArchiveEntry) => Promise<void>,
  options: ReadArchiveOptions = {},
): Promise<void> {
  const limits = { ...ARCHIVE_LIMITS, ...options.limits };
  const source = new ByteSource(unpack(archive, limits));
  try {
    const tar = new TarReader(source, limits);
    const register = new PathRegister();
    for (let entry = await tar.next(); entry !== undefined; entry = await tar.next()) {
      if (entry.kind === "directory") {
        const path = entryPath(entry.path, limits.pathBytes);
        if (path !== "") register.addDirectory(path);
      } else {
        await visitFile(tar, entry, filePath(entry.path, limits.pathBytes), register, limits, visit);
      }
    }
    register.close();
  } finally {
    await source.close();
  }
}

/** The files that `select` names (all of them where absent), by path. The whole archive is checked either way. */
export async function readArchive(
  archive: Uint8Array,
  select: (path: string) => boolean = () => true,
  options: ReadArchiveOptions = {},
): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  await walkArchive(
    archive,
    async (entry) => {
      if (select(entry.path)) files.set(entry.path, await entry.read());
    },
    options,
  );
  return files;
}

async function visitFile(
  tar: TarReader,
  entry: TarEntry,
  path: string,
  register: PathRegister,
  limits: ArchiveLimits,
  visit: (entry: ArchiveEntry) => Promise<void>,
): Promise<void> {
  register.addFile(path);
  if (path === MANIFEST_FILE && entry.size > limits.manifestBytes) {
    throw new BundleError({
      code: "manifest_too_large",
      message: `${MANIFEST_FILE} is larger than a manifest may be.`,
      details: { bytes: entry.size, allowed_bytes: limits.manifestBytes },
    });
  }
  let open = true;
  const chunks = () => {
    if (!open) throw new Error(`${path} was read twice, or after its visit.`);
    open = false;
    return tar.data();
  };
  await visit({
    path,
    size: entry.size,
    executable: (entry.mode & 0o111) !== 0,
    chunks,
    read: async () => {
      const parts: Uint8Array[] = [];
      for await (const part of chunks()) parts.push(part);
      return joined(parts);
    },
  });
  open = false;
}

/** Into memory of its own: a buffer from Node's pool would take its neighbours along when sent to another thread. */
function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.byteLength;
  }
  return whole;
}

/** Decompresses in chunks and stops at the first one past what this archive may unpack to. */
async function* unpack(archive: Uint8Array, limits: ArchiveLimits): AsyncGenerator<Uint8Array> {
  if (archive.byteLength > limits.archiveBytes) {
    throw new BundleError({
      code: "archive_too_large",
      message: "The archive is larger than a bundle may be.",
      details: { bytes: archive.byteLength, allowed_bytes: limits.archiveBytes },
    });
  }
  const frame = readZstdFrame(archive);
  const allowance = unpackedAllowance(archive.byteLength, limits);
  if ((frame.contentBytes ?? 0) > allowance.bytes) throw bomb(allowance);
  if (frame.windowBytes > limits.windowBytes) {
    throw new BundleError({
      code: "archive_window_too_large",
      message: "The archive needs more memory to decompress than a bundle may ask for.",
      details: { bytes: frame.windowBytes, allowed_bytes: limits.windowBytes },
      hint: "Pack it again without zstd's --long or --ultra.",
    });
  }
  let unpacked = 0;
  for await (const chunk of decompress(archive)) {
    unpacked += chunk.byteLength;
    if (unpacked > allowance.bytes) throw bomb(allowance);
    yield chunk;
  }
}

async function* decompress(archive: Uint8Array): AsyncGenerator<Uint8Array> {
  const stream = createZstdDecompress({
    chunkSize: CHUNK_BYTES,
    params: { [constants.ZSTD_d_windowLogMax]: MAX_ZSTD_WINDOW_LOG },
  });
  stream.end(archive);
  try {
    yield* stream;
  } catch (error) {
    throw new BundleError({
      code: "archive_corrupt",
      message: "The archive's compressed data is corrupt.",
      details: { reason: error instanceof Error && "code" in error ? String(error.code) : "unknown" },
      hint: "Fetch the file again, or pack it again.",
      cause: error,
    });
  } finally {
    stream.destroy();
  }
}

function bomb(allowance: ReturnType<typeof unpackedAllowance>): BundleError {
  return new BundleError({
    code: allowance.rule,
    message:
      allowance.rule === "unpacked_too_large"
        ? "The archive unpacks to more than a bundle may hold."
        : "The archive unpacks to too many times its own size.",
    details: { allowed_bytes: allowance.bytes },
  });
}
