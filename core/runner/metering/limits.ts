import { type BinaryReader, malformed } from "./binary-reader.ts";
import type { BinaryWriter } from "./binary-writer.ts";
import { MeteringError } from "./errors.ts";

/** Size limits of a memory (in pages of 64 KiB) or of a table (in elements). */
export interface Limits {
  readonly initial: bigint;
  readonly maximum: bigint | undefined;
  /** Indexed by i64 (memory64, table64). */
  readonly index64: boolean;
  readonly shared: boolean;
}

const HAS_MAXIMUM = 0x01;
const SHARED = 0x02;
const INDEX_64 = 0x04;

export function readLimits(reader: BinaryReader): Limits {
  const flags = reader.u8();
  if (flags > 0x07) {
    throw new MeteringError({
      code: "unsupported_feature",
      message: "A memory or table has limits of a kind that is not supported (such as custom page sizes).",
      details: { offset: reader.position - 1, flags },
    });
  }
  const initial = reader.u64();
  const maximum = flags & HAS_MAXIMUM ? reader.u64() : undefined;
  if (maximum !== undefined && maximum < initial)
    throw malformed(reader.position, "maximum below initial size");
  return { initial, maximum, index64: (flags & INDEX_64) !== 0, shared: (flags & SHARED) !== 0 };
}

export function writeLimits(writer: BinaryWriter, limits: Limits): void {
  const flags =
    (limits.maximum === undefined ? 0 : HAS_MAXIMUM) |
    (limits.shared ? SHARED : 0) |
    (limits.index64 ? INDEX_64 : 0);
  writer.u8(flags).u64(limits.initial);
  if (limits.maximum !== undefined) writer.u64(limits.maximum);
}

/** The limits with the maximum brought down to `cap`; the caller has checked that the initial size fits. */
export function capLimits(limits: Limits, cap: number): Limits & { readonly maximum: bigint } {
  const ceiling = BigInt(cap);
  const maximum = limits.maximum === undefined || limits.maximum > ceiling ? ceiling : limits.maximum;
  return { ...limits, maximum };
}

export function refuseShared(limits: Limits): void {
  if (!limits.shared) return;
  throw new MeteringError({
    code: "unsupported_feature",
    message: "The module uses a shared memory; an extension runs on one thread.",
    hint: "Build the component without threads.",
  });
}

export function refuseLargeMemory(initialPages: bigint, maxPages: number): void {
  if (initialPages <= BigInt(maxPages)) return;
  throw new MeteringError({
    code: "memory_too_large",
    message: "The module starts with more linear memory than the limit allows.",
    details: { expected: `at most ${maxPages} pages`, actual: `${initialPages} pages` },
    hint: "Raise the memory limit of the install, or build a smaller component.",
  });
}

export function refuseLargeTable(initialElements: bigint, maxElements: number): void {
  if (initialElements <= BigInt(maxElements)) return;
  throw new MeteringError({
    code: "table_too_large",
    message: "The module starts with larger tables than the limit allows.",
    details: { expected: `at most ${maxElements} elements`, actual: `${initialElements} elements` },
  });
}
