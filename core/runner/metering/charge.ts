import type { BinaryWriter } from "./binary-writer.ts";

const GLOBAL_GET = 0x23;
const GLOBAL_SET = 0x24;

export function writeGlobalGet(writer: BinaryWriter, index: number): void {
  writer.u8(GLOBAL_GET).u32(index);
}

export function writeGlobalSet(writer: BinaryWriter, index: number): void {
  writer.u8(GLOBAL_SET).u32(index);
}

/** `i64.sub`, and the test that traps: `i64.const 0, i64.lt_s, if, unreachable, end`. */
const I64_CONST = 0x42;
const I64_SUB = 0x7d;
const TRAP_BELOW_ZERO = [0x42, 0x00, 0x53, 0x04, 0x40, 0x00, 0x0b] as const;

/** Takes `cost` from the fuel and traps once it is below zero. */
export function writeCharge(writer: BinaryWriter, fuel: number, cost: number): void {
  writeGlobalGet(writer, fuel);
  writer.u8(I64_CONST).s32(cost).u8(I64_SUB);
  writeGlobalSet(writer, fuel);
  writeGlobalGet(writer, fuel);
  writer.append(TRAP_BELOW_ZERO);
}
