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
const CALL = 0x10;
const END = 0x0b;
/** `i64.const 0, i64.lt_s, if`. */
const WHEN_BELOW_ZERO = [0x42, 0x00, 0x53, 0x04, 0x40] as const;

/** What a charge needs to name: the fuel global, and the function that is called once it is below zero. */
export interface ChargeTargets {
  readonly fuel: number;
  readonly exhausted: number;
}

/** Takes `cost` from the fuel. A call in place of a trap costs nothing that could be measured. */
export function writeCharge(writer: BinaryWriter, targets: ChargeTargets, cost: number): void {
  writeGlobalGet(writer, targets.fuel);
  writer.u8(I64_CONST).s32(cost).u8(I64_SUB);
  writeGlobalSet(writer, targets.fuel);
  writeExhaustedTest(writer, targets);
}

export function writeExhaustedTest(writer: BinaryWriter, { fuel, exhausted }: ChargeTargets): void {
  writeGlobalGet(writer, fuel);
  writer.append(WHEN_BELOW_ZERO).u8(CALL).u32(exhausted).u8(END);
}
