import type { BinaryWriter } from "./binary-writer.ts";
import {
  type Advance,
  type ChargeTargets,
  writeCharge,
  writeEntryCharge,
  writeRefund,
  writeTurn,
} from "./charge.ts";
import {
  CALL,
  CHARGE,
  type EditList,
  ENTRY_CHARGE,
  GLOBAL_INDEX,
  NO_CHARGE,
  RETURN,
  TAIL_CALL,
} from "./edit-list.ts";

const BLOCK = 0x02;
const END = 0x0b;
const BRANCH = 0x0c;
const RETURN_OPCODE = 0x0f;
const CALL_OPCODE = 0x10;

/** Some of the edits in a list. */
export interface EditRange {
  readonly from: number;
  readonly to: number;
}

/**
 * Copies `start` to `end` of the source with the edits applied. With an advance: a block around the function's body is
 * what every way out of it leaves, and behind the block the rest is given back.
 */
export function writeEdited(
  writer: BinaryWriter,
  source: Uint8Array,
  start: number,
  end: number,
  edits: EditList,
  targets: ChargeTargets,
  range: EditRange = { from: 0, to: edits.length },
  advance?: Advance,
): void {
  let copied = start;
  for (let index = range.from; index < range.to; index++) {
    const value = edits.values[index] as number; // every slot below `length` is set
    const kind = edits.kinds[index];
    const at = edits.starts[index] as number;
    if (at > copied) writer.copy(source, copied, at);
    copied = edits.ends[index] as number;
    if (kind === GLOBAL_INDEX) writer.u32(value);
    else if (kind === CALL) writer.u8(CALL_OPCODE).u32(value);
    else if (kind === ENTRY_CHARGE || kind === NO_CHARGE) {
      if (kind === ENTRY_CHARGE) writeEntryCharge(writer, targets, value);
      if (advance !== undefined) writer.u8(BLOCK).append(advance.blockType);
    } else if (kind === CHARGE) {
      if (advance === undefined) writeCharge(writer, targets, value);
      else writeTurn(writer, targets, advance, value);
    } else if (kind === RETURN) {
      if (advance === undefined) writer.u8(RETURN_OPCODE);
      else writer.u8(BRANCH).u32(value);
    } else if (kind === TAIL_CALL && advance !== undefined) writeRefund(writer, targets, advance);
  }
  writer.copy(source, copied, end);
  if (advance === undefined) return;
  writeRefund(writer, targets, advance);
  writer.u8(END);
}
