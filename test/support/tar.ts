import { constants, zstdCompressSync } from "node:zlib";

/** One tar header and its data, as raw as a test needs it: nothing is checked, everything can lie. */
export interface RawEntry {
  readonly path: string | Uint8Array;
  readonly data?: Uint8Array | string;
  readonly type?: string;
  /** Declared size when it is not the data's; text is written into the field as it is. */
  readonly size?: number | string;
  readonly mode?: number | string;
  readonly prefix?: string;
  readonly linkTarget?: string;
  /** Eight bytes at 257. */
  readonly magic?: string;
  readonly checksum?: string;
}

const BLOCK = 512;
export const POSIX = "ustar\u000000";
export const GNU = "ustar  \0";
export const END_OF_ARCHIVE = Buffer.alloc(2 * BLOCK);

/** Header and padded data of one entry. */
export function rawEntry(entry: RawEntry): Buffer {
  const data = Buffer.from(entry.data ?? "");
  const header = Buffer.alloc(BLOCK);
  Buffer.from(entry.path).copy(header, 0, 0, 100);
  header.write(numeric(entry.mode ?? 0o644, 7), 100, "latin1");
  header.write(numeric(0, 7), 108, "latin1");
  header.write(numeric(0, 7), 116, "latin1");
  header.write(numeric(entry.size ?? data.byteLength, 11), 124, "latin1");
  header.write(numeric(0, 11), 136, "latin1");
  header.write(entry.type ?? "0", 156, "latin1");
  header.write(entry.linkTarget ?? "", 157, "utf8");
  header.write(entry.magic ?? POSIX, 257, "latin1");
  header.write(entry.prefix ?? "", 345, "utf8");
  header.fill(" ", 148, 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(entry.checksum ?? `${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return Buffer.concat([header, data, Buffer.alloc((BLOCK - (data.byteLength % BLOCK)) % BLOCK)]);
}

/** A pax extended header with these records, repeated keys allowed. */
export function paxHeader(records: readonly (readonly [string, string | Uint8Array])[], type = "x"): Buffer {
  return rawEntry({ path: "PaxHeader", type, data: Buffer.concat(records.map(paxRecord)) });
}

export function gnuLongName(path: string): Buffer {
  return rawEntry({ path: "././@LongLink", type: "L", magic: GNU, data: `${path}\0` });
}

/** A whole tar with its end. */
export function rawTar(...parts: readonly (RawEntry | Buffer)[]): Buffer {
  return Buffer.concat([
    ...parts.map((part) => (Buffer.isBuffer(part) ? part : rawEntry(part))),
    END_OF_ARCHIVE,
  ]);
}

/** One zstd frame, with a checksum, as `zstd` writes it. */
export function zstd(bytes: Uint8Array, level = 3): Buffer {
  return zstdCompressSync(bytes, {
    params: { [constants.ZSTD_c_compressionLevel]: level, [constants.ZSTD_c_checksumFlag]: 1 },
  });
}

/** An archive of these entries, compressed. */
export function rawArchive(...parts: readonly (RawEntry | Buffer)[]): Buffer {
  return zstd(rawTar(...parts));
}

function numeric(value: number | string, digits: number): string {
  return typeof value === "string" ? value : `${value.toString(8).padStart(digits, "0")}\0`;
}

function paxRecord([key, value]: readonly [string, string | Uint8Array]): Buffer {
  const body = Buffer.concat([Buffer.from(` ${key}=`), Buffer.from(value), Buffer.from("\n")]);
  let length = body.byteLength + 1;
  while (String(length).length + body.byteLength !== length) length = String(length).length + body.byteLength;
  return Buffer.concat([Buffer.from(String(length)), body]);
}
