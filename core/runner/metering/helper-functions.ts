import { BinaryWriter } from "./binary-writer.ts";
import { type ChargeTargets, writeGlobalGet, writeGlobalSet, writeTrapBelowZero } from "./charge.ts";
import { ELEMENTS, FUEL, LOOK, LOOKOUT, PAGES, REFUSED, RESERVED } from "./reserved-names.ts";

const I32 = 0x7f;
const I64 = 0x7e;
const EMPTY = 0x40;
const OP = {
  unreachable: 0x00,
  if: 0x04,
  else: 0x05,
  end: 0x0b,
  return: 0x0f,
  call: 0x10,
  callRef: 0x14,
  select: 0x1b,
  localGet: 0x20,
  localTee: 0x22,
  memoryGrow: 0x40,
  i32Const: 0x41,
  i64Const: 0x42,
  i32Eq: 0x46,
  i32GtU: 0x4b,
  i64Eq: 0x51,
  i64LtS: 0x53,
  i64LtU: 0x54,
  i64GtU: 0x56,
  i32Add: 0x6a,
  i64Add: 0x7c,
  i64Sub: 0x7d,
  i64ShrU: 0x88,
  i64ExtendI32U: 0xad,
  gc: 0xfb,
} as const;

/** 16 bytes moved by one bulk instruction cost what one ordinary instruction does. */
const BULK_BYTES_PER_FUEL_LOG2 = 4;
/** Of the instructions behind `OP.gc`: the reference as a non-null one of a type. */
const REF_CAST = 0x16;
/** -1 in signed LEB128. */
const MINUS_ONE = 0x7f;
/** 2^32 in signed LEB128: one bulk charge never exceeds it, so the fuel counter cannot wrap around. */
const TWO_TO_THE_32 = [0x80, 0x80, 0x80, 0x80, 0x10] as const;

/**
 * Elements of one array on the engine's heap. A larger one could be one allocation for which a heap with a limit has no
 * room at all, and over which the engine ends the process rather than the thread.
 */
const MAX_ARRAY_ELEMENTS = 500_000;

/** Types of the helper functions in the order in which `HELPER_TYPES` encodes them. */
const TYPE = { i32ToI32: 0, i64ToI64: 1, nothing: 2 } as const;

/** `(i32) -> i32`, `(i64) -> i64` and `() -> ()`. */
export const HELPER_TYPES = {
  count: 3,
  encoded: [0x60, 1, I32, 1, I32, 0x60, 1, I64, 1, I64, 0x60, 0, 0],
} as const;

interface Helper {
  /** Position in `HELPER_TYPES`. */
  readonly type: (typeof TYPE)[keyof typeof TYPE];
  readonly code: Uint8Array;
}

/** Functions that the rewrite adds behind the module's own, made only when an instruction needs them. */
export class HelperFunctions {
  readonly #firstFunction: number;
  readonly #firstType: number;
  readonly targets: ChargeTargets;
  /** Index of the first metering global. */
  readonly #globals: number;
  readonly #indices = new Map<string, number>();
  readonly #helpers: Helper[] = [];

  /** Of the module: where its functions and its types end, and where the metering globals begin. */
  constructor(after: { readonly functions: number; readonly types: number; readonly globals: number }) {
    this.#firstFunction = after.functions;
    this.#firstType = after.types;
    this.#globals = after.globals;
    this.targets = {
      fuel: after.globals + FUEL,
      lookout: after.globals + LOOKOUT,
      look: this.#look(),
    };
  }

  get count(): number {
    return this.#helpers.length;
  }

  get all(): readonly Helper[] {
    return this.#helpers;
  }

  /** `memory.grow` within the page budget; a refused growth answers -1 and is counted. */
  grow(memory: number, wide: boolean): number {
    return this.#helper(`grow:${memory}`, wide, (code) => {
      code.append([1, 1, wide ? I64 : I32]); // one local: the result
      this.#pushParameter(code, wide);
      writeGlobalGet(code, this.#globals + PAGES);
      code.append([OP.i64GtU, OP.if, wide ? I64 : I32]);
      code.append([wide ? OP.i64Const : OP.i32Const, MINUS_ONE, OP.else]);
      code.append([OP.localGet, 0, OP.memoryGrow]).u32(memory);
      code.append([OP.end, OP.localTee, 1]);
      code.append([wide ? OP.i64Const : OP.i32Const, MINUS_ONE, wide ? OP.i64Eq : OP.i32Eq]);
      code.append([OP.if, EMPTY]);
      this.#countRefusal(code);
      code.u8(OP.else);
      this.#subtractParameter(code, PAGES, wide);
      // So that the host knows the peak of an execution whose thread it ends.
      code.u8(OP.call).u32(this.targets.look);
      code.append([OP.end, OP.localGet, 1, OP.end]);
    });
  }

  /** Charges a bulk memory instruction for its length, which stays on the stack. */
  chargeBytes(wide: boolean): number {
    return this.#helper("bytes", wide, (code) => this.#charge(code, wide, BULK_BYTES_PER_FUEL_LOG2));
  }

  /** Charges one unit for each table or array element of a bulk instruction. */
  chargeElements(wide: boolean): number {
    return this.#helper("elements", wide, (code) => this.#charge(code, wide, 0));
  }

  /** Charges for the elements of a new array. Too large a one traps, and is counted as a growth refused. */
  newArray(): number {
    return this.#helper("array", false, (code) => {
      code.append([0, OP.localGet, 0, OP.i32Const]).s32(MAX_ARRAY_ELEMENTS);
      code.append([OP.i32GtU, OP.if, EMPTY]);
      this.#countRefusal(code);
      code.append([OP.unreachable, OP.end]);
      this.#subtractParameter(code, FUEL, false);
      writeTrapBelowZero(code, this.targets.fuel);
      code.append([OP.localGet, 0, OP.end]);
    });
  }

  /**
   * Charges for the elements and takes them out of the table budget; beyond it, answers a length that no table can
   * grow by.
   */
  reserveElements(wide: boolean): number {
    return this.#helper("reserve", wide, (code) => {
      code.append([0, OP.i64Const, 0]); // no locals
      writeGlobalSet(code, this.#globals + RESERVED);
      this.#pushParameter(code, wide);
      writeGlobalGet(code, this.#globals + ELEMENTS);
      code.append([OP.i64GtU, OP.if, EMPTY]);
      code.append([wide ? OP.i64Const : OP.i32Const, MINUS_ONE, OP.return, OP.end]);
      this.#subtractParameter(code, FUEL, wide);
      writeTrapBelowZero(code, this.targets.fuel);
      this.#subtractParameter(code, ELEMENTS, wide);
      this.#pushParameter(code, wide);
      writeGlobalSet(code, this.#globals + RESERVED);
      code.append([OP.localGet, 0, OP.end]);
    });
  }

  /** Counts a growth that answered -1, and gives back what was taken for it (the table's own maximum refused it). */
  noteRefusal(wide: boolean): number {
    return this.#helper("refusal", wide, (code) => {
      code.append([0, OP.localGet, 0]);
      code.append([wide ? OP.i64Const : OP.i32Const, MINUS_ONE, wide ? OP.i64Eq : OP.i32Eq]);
      code.append([OP.if, EMPTY]);
      this.#countRefusal(code);
      writeGlobalGet(code, this.#globals + ELEMENTS);
      writeGlobalGet(code, this.#globals + RESERVED);
      code.u8(OP.i64Add);
      writeGlobalSet(code, this.#globals + ELEMENTS);
      code.append([OP.end, OP.localGet, 0, OP.end]);
    });
  }

  /** Sets each global to the value of another of its type. Not charged: only the host calls it. */
  copyGlobals(name: string, copies: readonly { readonly from: number; readonly to: number }[]): number {
    const code = new BinaryWriter().u8(0);
    for (const { from, to } of copies) {
      writeGlobalGet(code, from);
      writeGlobalSet(code, to);
    }
    return this.#add(name, TYPE.nothing, code.u8(OP.end));
  }

  #helper(name: string, wide: boolean, write: (code: BinaryWriter) => void): number {
    const key = `${name}:${wide}`;
    const known = this.#indices.get(key);
    if (known !== undefined) return known;
    const code = new BinaryWriter();
    write(code);
    return this.#add(key, wide ? TYPE.i64ToI64 : TYPE.i32ToI32, code);
  }

  #add(key: string, type: Helper["type"], code: BinaryWriter): number {
    const index = this.#firstFunction + this.#helpers.length;
    this.#helpers.push({ type, code: code.view() });
    this.#indices.set(key, index);
    return index;
  }

  #charge(code: BinaryWriter, wide: boolean, shift: number): void {
    const fuel = this.#globals + FUEL;
    code.append([1, 1, I64]); // one local: the cost
    writeGlobalGet(code, fuel);
    this.#pushParameter(code, wide);
    if (shift > 0) code.append([OP.i64Const, shift, OP.i64ShrU]);
    code.append([OP.localTee, 1, OP.i64Const, ...TWO_TO_THE_32]);
    code.append([OP.localGet, 1, OP.i64Const, ...TWO_TO_THE_32]);
    code.append([OP.i64LtU, OP.select, OP.i64Sub]);
    writeGlobalSet(code, fuel);
    writeTrapBelowZero(code, this.targets.fuel);
    code.append([OP.localGet, 0, OP.end]);
  }

  /** Lets the host look on, and traps when there is no fuel, or the host has taken it. */
  #look(): number {
    const code = new BinaryWriter().u8(0);
    writeGlobalGet(code, this.#globals + LOOK);
    const type = this.#firstType + TYPE.nothing;
    code.append([OP.gc, REF_CAST]).u32(type).u8(OP.callRef).u32(type);
    writeTrapBelowZero(code, this.#globals + FUEL);
    return this.#add("look", TYPE.nothing, code.u8(OP.end));
  }

  #pushParameter(code: BinaryWriter, wide: boolean): void {
    code.append([OP.localGet, 0]);
    if (!wide) code.u8(OP.i64ExtendI32U);
  }

  #subtractParameter(code: BinaryWriter, global: number, wide: boolean): void {
    writeGlobalGet(code, this.#globals + global);
    this.#pushParameter(code, wide);
    code.u8(OP.i64Sub);
    writeGlobalSet(code, this.#globals + global);
  }

  #countRefusal(code: BinaryWriter): void {
    writeGlobalGet(code, this.#globals + REFUSED);
    code.append([OP.i32Const, 1, OP.i32Add]);
    writeGlobalSet(code, this.#globals + REFUSED);
  }
}
