import type { ArchiveLimits } from "./archive-limits.ts";
import type { ByteSource } from "./byte-source.ts";
import { BundleError, type BundleErrorCode, printable } from "./errors.ts";
import { readPaxRecords } from "./pax-records.ts";
import { corrupt, readTarHeader, TAR_BLOCK_BYTES, type TarHeader, untilNul } from "./tar-header.ts";

export interface TarEntry {
  /** As the archive spells it, decoded as UTF-8 and otherwise unchecked. */
  readonly path: string;
  readonly kind: "file" | "directory";
  readonly size: number;
  readonly mode: number;
}

/** What extended headers said about the entry that follows them. */
interface Extension {
  path?: Uint8Array;
  size?: number;
}

/** Attributes that change which file an entry is; a global header must not set them for all entries at once. */
const IDENTITY_ATTRIBUTES = ["path", "linkpath", "size"] as const;

/**
 * Reads the tar inside a bundle, one entry at a time. Knows POSIX ustar, pax and GNU long names, which is what
 * the usual tools write; links, devices, sparse and multi-volume entries are refused by name.
 */
export class TarReader {
  readonly #source: ByteSource;
  readonly #limits: ArchiveLimits;
  #unread = 0;
  #padding = 0;
  #headers = 0;

  constructor(source: ByteSource, limits: ArchiveLimits) {
    this.#source = source;
    this.#limits = limits;
  }

  /** The next file or folder, skipping what was not read of the one before; `undefined` at the end. */
  async next(): Promise<TarEntry | undefined> {
    await this.#skip(this.#unread + this.#padding);
    this.#unread = 0;
    this.#padding = 0;
    const extension: Extension = {};
    for (;;) {
      const offset = this.#source.position;
      const header = readTarHeader(await this.#block(), offset);
      if (header === undefined) {
        if (Object.keys(extension).length > 0) throw corrupt("An extended header has no entry.", offset);
        await this.#expectEnd(offset);
        return undefined;
      }
      if (isExtension(header.type)) await this.#extend(extension, header, offset);
      else return this.#entry(header, extension, offset);
    }
  }

  /** The current entry's bytes that have not been read yet, chunk by chunk. */
  async *data(): AsyncGenerator<Uint8Array> {
    while (this.#unread > 0) {
      const chunk = await this.#source.some(this.#unread);
      if (chunk === undefined) throw truncated(this.#source.position);
      this.#unread -= chunk.byteLength;
      yield chunk;
    }
  }

  #entry(header: TarHeader, extension: Extension, offset: number): TarEntry {
    this.#count();
    const path = decodeUtf8(extension.path ?? header.path);
    const kind = kindOf(header, path, offset);
    if (extension.size !== undefined && extension.size !== header.size) {
      throw corrupt("A pax header and a tar header disagree about an entry's size.", offset);
    }
    if (kind === "directory" && header.size !== 0) throw corrupt("A folder has contents of its own.", offset);
    if (header.size > this.#limits.entryBytes) {
      throw new BundleError({
        code: "entry_too_large",
        message: "An entry is larger than a bundle may hold.",
        details: {
          path: printable(path),
          bytes: String(header.size),
          allowed_bytes: this.#limits.entryBytes,
        },
      });
    }
    this.#unread = header.size;
    this.#padding = paddingOf(header.size);
    return { path, kind, size: header.size, mode: header.mode };
  }

  async #extend(extension: Extension, header: TarHeader, offset: number): Promise<void> {
    if (header.size > this.#limits.extendedHeaderBytes) {
      throw new BundleError({
        code: "tar_header_too_large",
        message: "An extended tar header is larger than any honest one.",
        details: { offset, bytes: String(header.size), allowed_bytes: this.#limits.extendedHeaderBytes },
      });
    }
    const payload = await this.#source.take(header.size);
    if (payload.byteLength < header.size) throw truncated(this.#source.position);
    await this.#skip(paddingOf(header.size));
    if (header.type === "g") this.#acceptGlobal(payload, offset);
    else applyExtension(extension, header.type, payload, offset);
  }

  /** A global header (git writes one with a commit's id) may say anything but what identifies entries. */
  #acceptGlobal(payload: Uint8Array, offset: number): void {
    this.#count();
    const records = readPaxRecords(payload, offset);
    refuseSparse(records);
    if (IDENTITY_ATTRIBUTES.some((key) => records.has(key))) {
      throw corrupt("A global pax header renames or resizes every entry.", offset);
    }
  }

  #count(): void {
    this.#headers += 1;
    if (this.#headers > this.#limits.entries) {
      throw new BundleError({
        code: "too_many_entries",
        message: "The archive has more entries than a bundle may hold.",
        details: { allowed_entries: this.#limits.entries },
      });
    }
  }

  /** After the first block of zeros: another one, then nothing but zeros, as tools pad. */
  async #expectEnd(offset: number): Promise<void> {
    const second = await this.#block();
    if (second.some((byte) => byte !== 0)) throw trailing(offset);
    for (;;) {
      const rest = await this.#source.some(Number.POSITIVE_INFINITY);
      if (rest === undefined) return;
      if (rest.some((byte) => byte !== 0)) throw trailing(offset);
    }
  }

  async #block(): Promise<Uint8Array> {
    const block = await this.#source.take(TAR_BLOCK_BYTES);
    if (block.byteLength < TAR_BLOCK_BYTES) throw truncated(this.#source.position);
    return block;
  }

  async #skip(length: number): Promise<void> {
    if (!(await this.#source.skip(length))) throw truncated(this.#source.position);
  }
}

function isExtension(type: string): boolean {
  return type === "x" || type === "g" || type === "L" || type === "K";
}

function applyExtension(extension: Extension, type: string, payload: Uint8Array, offset: number): void {
  const given: Extension = {};
  if (type === "K") throw unsupported("entry_is_link", "A link has no place in a bundle.", "K");
  if (type === "L") {
    given.path = untilNul(payload);
  } else {
    const records = readPaxRecords(payload, offset);
    refuseSparse(records);
    const path = records.get("path");
    const size = records.get("size");
    if (path !== undefined) given.path = path;
    if (size !== undefined) given.size = decimal(size, offset);
  }
  if (extension.path !== undefined && given.path !== undefined) {
    throw corrupt("Two extended headers name one entry.", offset);
  }
  Object.assign(extension, given);
}

function decimal(bytes: Uint8Array, offset: number): number {
  const text = Buffer.from(bytes).toString("latin1");
  if (!/^[0-9]{1,15}$/.test(text)) throw corrupt("A pax header holds a malformed size.", offset);
  return Number(text);
}

function refuseSparse(records: ReadonlyMap<string, Uint8Array>): void {
  for (const key of records.keys()) {
    if (key.startsWith("GNU.sparse.") || key === "SCHILY.realsize") {
      throw unsupported("entry_type_unsupported", "A sparse file has no place in a bundle.", "x");
    }
  }
}

function kindOf(header: TarHeader, path: string, offset: number): TarEntry["kind"] {
  switch (header.type) {
    case "0":
      // Before POSIX, a trailing slash made a folder. Read as such only when nobody could disagree.
      if (!path.endsWith("/")) return "file";
      if (header.size === 0) return "directory";
      throw corrupt("A file's name ends in a slash.", offset);
    case "5":
      return "directory";
    case "1":
    case "2":
      throw unsupported("entry_is_link", "A link has no place in a bundle.", header.type, path);
    case "3":
    case "4":
    case "6":
      throw unsupported("entry_is_device", "A device or pipe has no place in a bundle.", header.type, path);
    default:
      throw unsupported(
        "entry_type_unsupported",
        "An entry is neither a file nor a folder.",
        header.type,
        path,
      );
  }
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new BundleError({
      code: "path_not_utf8",
      message: "An entry's path is not UTF-8.",
      details: { path_hex: Buffer.from(bytes.subarray(0, 64)).toString("hex") },
      hint: "Rename the file and pack the bundle again.",
    });
  }
}

function paddingOf(size: number): number {
  return (TAR_BLOCK_BYTES - (size % TAR_BLOCK_BYTES)) % TAR_BLOCK_BYTES;
}

function unsupported(code: BundleErrorCode, message: string, type: string, path?: string): BundleError {
  return new BundleError({
    code,
    message,
    details: { type_flag: printable(type), ...(path === undefined ? {} : { path: printable(path) }) },
    hint: "Pack the bundle again from plain files (tar's --dereference follows links).",
  });
}

function truncated(offset: number): BundleError {
  return new BundleError({
    code: "tar_truncated",
    message: "The tar inside the archive ends too early.",
    details: { offset },
    hint: "Fetch the file again, or pack it again.",
  });
}

function trailing(offset: number): BundleError {
  return new BundleError({
    code: "tar_trailing_data",
    message: "The tar inside the archive has data after its end.",
    details: { offset },
    hint: "Pack the bundle again.",
  });
}
