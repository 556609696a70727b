import type { BinaryWriter } from "./binary-writer.ts";
import { type ChargeTargets, writeCharge, writeEntryCharge } from "./charge.ts";
import { CALL, CHARGE, type EditList, ENTRY_CHARGE, GLOBAL_INDEX } from "./edit-list.ts";

const CALL_OPCODE = 0x10;

/** Copies `start` to `end` of the source with the edits applied. */
export function writeEdited(
  writer: BinaryWriter,
  source: Uint8Array,
  start: number,
  end: number,
  edits: EditList,
  targets: ChargeTargets,
  range: { readonly from: number; readonly to: number } = { from: 0, to: edits.length },
): void {
  let copied = start;
  for (let index = range.from; index < range.to; index++) {
    const value = edits.values[index] as number; // every slot below `length` is set
    const kind = edits.kinds[index];
    const at = edits.starts[index] as number;
    if (at > copied) writer.copy(source, copied, at);
    copied = edits.ends[index] as number;
    if (kind === CHARGE) writeCharge(writer, targets, value);
    else if (kind === ENTRY_CHARGE) writeEntryCharge(writer, targets, value);
    else if (kind === GLOBAL_INDEX) writer.u32(value);
    else if (kind === CALL) writer.u8(CALL_OPCODE).u32(value);
  }
  writer.copy(source, copied, end);
}
