import type { BinaryWriter } from "./binary-writer.ts";

const GLOBAL_GET = 0x23;
const GLOBAL_SET = 0x24;

export function writeGlobalGet(writer: BinaryWriter, index: number): void {
  writer.u8(GLOBAL_GET).u32(index);
}

export function writeGlobalSet(writer: BinaryWriter, index: number): void {
  writer.u8(GLOBAL_SET).u32(index);
}

const LOCAL_GET = 0x20;
const LOCAL_SET = 0x21;
const LOCAL_TEE = 0x22;
const I32_CONST = 0x41;
const I32_LT_S = 0x48;
const I32_ADD = 0x6a;
const I32_SUB = 0x6b;
const I64_ADD = 0x7c;
const I64_EXTEND_I32_U = 0xad;
const I64_CONST = 0x42;
const I64_SUB = 0x7d;
const I64_LT_S = 0x53;
const IF = 0x04;
const EMPTY = 0x40;
const CALL = 0x10;
const END = 0x0b;
/** `i64.const 0, i64.lt_s, if, unreachable, end`. */
const TRAP_BELOW_ZERO = [0x42, 0x00, 0x53, 0x04, 0x40, 0x00, 0x0b] as const;

/** What a charge needs to name. */
export interface ChargeTargets {
  readonly fuel: number;
  /** The fuel below which the host looks on. */
  readonly lookout: number;
  /** The function that is called then, and that traps when there is none left. */
  readonly look: number;
}

/** Takes `cost` from the fuel and traps once it is below zero. */
export function writeCharge(writer: BinaryWriter, { fuel }: ChargeTargets, cost: number): void {
  writeCost(writer, fuel, cost);
  writeTrapBelowZero(writer, fuel);
}

/**
 * The same where a function begins, and the host's look. Only here: a loop that could come back from a call keeps
 * its values in memory instead of registers, at up to twice the price of the charge.
 */
export function writeEntryCharge(writer: BinaryWriter, targets: ChargeTargets, cost: number): void {
  writeCost(writer, targets.fuel, cost);
  writeGlobalGet(writer, targets.fuel);
  writeGlobalGet(writer, targets.lookout);
  writer.append([I64_LT_S, IF, EMPTY, CALL]).u32(targets.look).u8(END);
}

/**
 * A local that holds fuel for loops, taken in advance: zero at first, as every local is. Whatever leaves the function otherwise than by its
 * end, a trap or an exception, loses what is left of it, so that nobody gains by that.
 */
export interface Advance {
  readonly local: number;
  /** Of the block around the function's body. */
  readonly blockType: Uint8Array;
}

/** Fuel that is taken at once. A turn that costs more is charged by itself. */
const ADVANCE = 63;

/** Takes `cost` from the advance, and a new one from the fuel when it does not suffice. */
export function writeTurn(
  writer: BinaryWriter,
  targets: ChargeTargets,
  { local }: Advance,
  cost: number,
): void {
  if (cost > ADVANCE) {
    writeCharge(writer, targets, cost);
    return;
  }
  writer.u8(LOCAL_GET).u32(local).u8(I32_CONST).s32(cost).u8(I32_SUB).u8(LOCAL_TEE).u32(local);
  writer.append([I32_CONST, 0, I32_LT_S, IF, EMPTY]);
  writeCharge(writer, targets, ADVANCE);
  writer.u8(LOCAL_GET).u32(local).u8(I32_CONST).s32(ADVANCE).u8(I32_ADD).u8(LOCAL_SET).u32(local);
  writer.u8(END);
}

/** Gives back what is left. */
export function writeRefund(writer: BinaryWriter, { fuel }: ChargeTargets, { local }: Advance): void {
  writeGlobalGet(writer, fuel);
  writer.u8(LOCAL_GET).u32(local).append([I64_EXTEND_I32_U, I64_ADD]);
  writeGlobalSet(writer, fuel);
}

export function writeTrapBelowZero(writer: BinaryWriter, fuel: number): void {
  writeGlobalGet(writer, fuel);
  writer.append(TRAP_BELOW_ZERO);
}

function writeCost(writer: BinaryWriter, fuel: number, cost: number): void {
  writeGlobalGet(writer, fuel);
  writer.u8(I64_CONST).s32(cost).u8(I64_SUB);
  writeGlobalSet(writer, fuel);
}
