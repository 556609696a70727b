import type { BinaryWriter } from "./binary-writer.ts";

const GLOBAL_GET = 0x23;
const GLOBAL_SET = 0x24;

export function writeGlobalGet(writer: BinaryWriter, index: number): void {
  writer.u8(GLOBAL_GET).u32(index);
}

export function writeGlobalSet(writer: BinaryWriter, index: number): void {
  writer.u8(GLOBAL_SET).u32(index);
}

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

export function writeTrapBelowZero(writer: BinaryWriter, fuel: number): void {
  writeGlobalGet(writer, fuel);
  writer.append(TRAP_BELOW_ZERO);
}

function writeCost(writer: BinaryWriter, fuel: number, cost: number): void {
  writeGlobalGet(writer, fuel);
  writer.u8(I64_CONST).s32(cost).u8(I64_SUB);
  writeGlobalSet(writer, fuel);
}
