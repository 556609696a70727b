/** How to step over the immediates of an instruction. */
export const UNKNOWN = 0;
export const NONE = 1;
export const LEB = 2;
export const LEB_LEB = 3;
export const MEMARG = 4;
export const BYTE = 5;
export const BYTES_4 = 6;
export const BYTES_8 = 7;
export const BYTES_16 = 8;
export const MEMARG_LANE = 9;
/** The scanner knows the instruction itself. */
export const SPECIAL = 10;

type Range = readonly [first: number, last: number, immediates: number];

function table(size: number, ranges: readonly Range[]): Uint8Array {
  const entries = new Uint8Array(size);
  for (const [first, last, immediates] of ranges) entries.fill(immediates, first, last + 1);
  return entries;
}

/** One-byte opcodes of WebAssembly 3.0 and of the legacy exception proposal. */
export const CORE_IMMEDIATES = table(256, [
  [0x00, 0x01, NONE], // unreachable, nop
  [0x02, 0x04, SPECIAL], // block, loop, if
  [0x05, 0x05, NONE], // else
  [0x06, 0x06, SPECIAL], // try
  [0x07, 0x09, LEB], // catch, throw, rethrow
  [0x0a, 0x0a, NONE], // throw_ref
  [0x0b, 0x0b, SPECIAL], // end
  [0x0c, 0x0d, LEB], // br, br_if
  [0x0e, 0x0e, SPECIAL], // br_table
  [0x0f, 0x0f, SPECIAL], // return
  [0x10, 0x10, SPECIAL], // call
  [0x11, 0x11, LEB_LEB], // call_indirect
  [0x12, 0x12, SPECIAL], // return_call
  [0x13, 0x13, SPECIAL], // return_call_indirect
  [0x14, 0x14, LEB], // call_ref
  [0x15, 0x15, SPECIAL], // return_call_ref
  [0x18, 0x18, SPECIAL], // delegate
  [0x19, 0x1b, NONE], // catch_all, drop, select
  [0x1c, 0x1c, SPECIAL], // select with types
  [0x1f, 0x1f, SPECIAL], // try_table
  [0x20, 0x22, LEB], // locals
  [0x23, 0x24, SPECIAL], // globals
  [0x25, 0x25, LEB], // table.get
  [0x26, 0x26, SPECIAL], // table.set
  [0x28, 0x3e, MEMARG],
  [0x3f, 0x3f, LEB], // memory.size
  [0x40, 0x40, SPECIAL], // memory.grow
  [0x41, 0x42, LEB], // i32.const, i64.const
  [0x43, 0x43, BYTES_4],
  [0x44, 0x44, BYTES_8],
  [0x45, 0xc4, NONE], // numeric
  [0xd0, 0xd0, LEB], // ref.null
  [0xd1, 0xd1, NONE],
  [0xd2, 0xd2, SPECIAL], // ref.func
  [0xd3, 0xd4, NONE],
  [0xd5, 0xd6, LEB], // br_on_null, br_on_non_null
  [0xfb, 0xfe, SPECIAL], // prefixes
]);

/** Prefix 0xfb: garbage collection. */
export const GC_IMMEDIATES = table(32, [
  [0, 1, LEB], // struct.new
  [2, 4, LEB_LEB], // struct.get
  [5, 5, SPECIAL], // struct.set
  [6, 7, SPECIAL], // array.new
  [8, 8, LEB_LEB], // array.new_fixed
  [9, 10, SPECIAL], // array.new_data, array.new_elem
  [11, 13, LEB], // array.get
  [14, 14, SPECIAL], // array.set
  [15, 15, NONE], // array.len
  [16, 19, SPECIAL], // array.fill, copy, init
  [20, 23, LEB], // ref.test, ref.cast
  [24, 25, SPECIAL], // br_on_cast
  [26, 30, NONE], // extern conversions, i31
]);

/** Prefix 0xfc: saturating conversions, bulk memory and tables. */
export const MISC_IMMEDIATES = table(18, [
  [0, 7, NONE],
  [8, 15, SPECIAL],
  [16, 16, LEB], // table.size
  [17, 17, SPECIAL],
]);

/** Prefix 0xfd: SIMD and relaxed SIMD. */
export const SIMD_IMMEDIATES = table(0x114, [
  [0, 11, MEMARG],
  [12, 13, BYTES_16], // v128.const, i8x16.shuffle
  [14, 20, NONE],
  [21, 34, BYTE], // lanes
  [35, 83, NONE],
  [84, 91, MEMARG_LANE],
  [92, 93, MEMARG],
  [94, 0x113, NONE],
]);

/** Prefix 0xfe: atomics; on an unshared memory they are ordinary accesses and `wait` traps. */
export const ATOMIC_IMMEDIATES = table(0x4f, [
  [0, 2, MEMARG],
  [3, 3, BYTE], // atomic.fence
  [0x10, 0x4e, MEMARG],
]);
