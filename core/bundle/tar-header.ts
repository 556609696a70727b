import { BundleError } from "./errors.ts";

export const TAR_BLOCK_BYTES = 512;

/** One 512-byte header, its fields still untrusted. */
export interface TarHeader {
  /** Name with its ustar prefix, not yet decoded: it may not be UTF-8. */
  readonly path: Uint8Array;
  readonly type: string;
  /** `Infinity` when the field is beyond what a number can hold. */
  readonly size: number;
  readonly mode: number;
}

const FIELD = {
  name: [0, 100],
  mode: [100, 8],
  size: [124, 12],
  checksum: [148, 8],
  type: 156,
  magic: [257, 8],
  prefix: [345, 155],
} as const;

const POSIX_MAGIC = "ustar\u000000";
const GNU_MAGIC = "ustar  \0";
const SPACE = 0x20;
const SLASH = 0x2f;
const BASE_256_POSITIVE = 0x80;
const OCTAL_FIELD = /^ *([0-7]*)[ \0]*$/;

/** `undefined` for a block of zeros, which ends an archive. */
export function readTarHeader(block: Uint8Array, offset: number): TarHeader | undefined {
  if (block.every((byte) => byte === 0)) return undefined;
  const declared = octal(field(block, FIELD.checksum));
  if (declared === undefined || declared !== checksum(block)) {
    throw corrupt("A tar header's checksum does not match.", offset);
  }
  const magic = Buffer.from(field(block, FIELD.magic)).toString("latin1");
  if (magic !== POSIX_MAGIC && magic !== GNU_MAGIC)
    throw corrupt("A tar header is of an unknown format.", offset);
  const size = number(field(block, FIELD.size));
  const mode = number(field(block, FIELD.mode));
  if (size === undefined || mode === undefined)
    throw corrupt("A tar header holds a malformed number.", offset);
  const name = untilNul(field(block, FIELD.name));
  // GNU keeps times where POSIX keeps the prefix.
  const prefix = magic === POSIX_MAGIC ? untilNul(field(block, FIELD.prefix)) : new Uint8Array(0);
  return {
    path: prefix.byteLength === 0 ? name : Buffer.concat([prefix, Uint8Array.of(SLASH), name]),
    type: String.fromCharCode(block[FIELD.type] || "0".charCodeAt(0)),
    size,
    mode,
  };
}

/** Bytes up to the first NUL, which ends a C string. */
export function untilNul(bytes: Uint8Array): Uint8Array {
  const end = bytes.indexOf(0);
  return end === -1 ? bytes : bytes.subarray(0, end);
}

export function corrupt(message: string, offset: number): BundleError {
  return new BundleError({
    code: "tar_corrupt",
    message,
    details: { offset },
    hint: "Fetch the file again, or pack it with `workbench pack` or `tar | zstd`.",
  });
}

function field(block: Uint8Array, [start, length]: readonly [number, number]): Uint8Array {
  return block.subarray(start, start + length);
}

/** Sum of all bytes with the checksum's own field taken as spaces. */
function checksum(block: Uint8Array): number {
  const [start, length] = FIELD.checksum;
  let sum = SPACE * length;
  for (const [index, byte] of block.entries()) {
    if (index < start || index >= start + length) sum += byte;
  }
  return sum;
}

/** Octal text, or the base-256 form that GNU tar uses for large figures. */
function number(bytes: Uint8Array): number | undefined {
  const first = bytes[0] ?? 0;
  if (first < BASE_256_POSITIVE) return octal(bytes);
  if (first !== BASE_256_POSITIVE) return undefined;
  const value = bytes.subarray(1).reduce((sum, byte) => sum * 256 + byte, 0);
  return Number.isSafeInteger(value) ? value : Number.POSITIVE_INFINITY;
}

function octal(bytes: Uint8Array): number | undefined {
  const digits = OCTAL_FIELD.exec(Buffer.from(bytes).toString("latin1"))?.[1];
  if (digits === undefined) return undefined;
  return digits === "" ? 0 : Number.parseInt(digits, 8);
}
