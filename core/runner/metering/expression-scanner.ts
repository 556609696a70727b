import { malformed } from "./binary-reader.ts";
import { CALL, CHARGE, ENTRY_CHARGE, GLOBAL_INDEX, RETURN, TAIL_CALL } from "./edit-list.ts";
import { unsupported } from "./errors.ts";
import * as immediates from "./immediates.ts";
import type { ScanContext } from "./scan-context.ts";

/**
 * Walks one expression (a function body's code, or a constant expression) that the engine has already validated and
 * notes every edit. Returns the position after its final `end`.
 *
 * When `charged`, the function's entry and every loop header get a charge, whose value is the instructions of its region:
 * the function or loop body without the loops inside it.
 */
export function scanExpression(context: ScanContext, start: number, end: number, charged: boolean): number {
  const { bytes, calls, edits, helpers, hazards } = context;
  let position = start;
  let instructions = 0;
  /** Whether each open block is a loop, the innermost last. */
  const blocks: boolean[] = [];
  /** The charge of each open region and its instructions so far, the innermost last. */
  const charges: number[] = [];
  const outer: number[] = [];

  const openRegion = (): void => {
    if (!charged) return;
    outer.push(instructions);
    instructions = 0;
    charges.push(edits.add(outer.length === 1 ? ENTRY_CHARGE : CHARGE, position, position, 0));
  };
  const closeRegion = (): void => {
    const charge = charges.pop();
    if (charge === undefined) return;
    edits.values[charge] = instructions;
    instructions = outer.pop() ?? 0;
  };
  const leb = (): number => {
    let result = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = bytes[position++] ?? 0;
      result += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return result;
    }
    throw malformed(position, "integer too long");
  };
  const skipLeb = (): void => {
    while ((bytes[position++] ?? 0) >= 0x80);
  };
  const skipMemarg = (): void => {
    if (leb() & 0x40) skipLeb();
    skipLeb();
  };
  const skipBlockType = (): void => {
    const code = bytes[position] ?? 0;
    skipLeb();
    if (code === 0x63 || code === 0x64) skipLeb();
  };
  const step = (kind: number): boolean => {
    switch (kind) {
      case immediates.NONE:
        return true;
      case immediates.LEB:
        skipLeb();
        return true;
      case immediates.LEB_LEB:
        skipLeb();
        skipLeb();
        return true;
      case immediates.MEMARG:
        skipMemarg();
        return true;
      case immediates.MEMARG_LANE:
        skipMemarg();
        position++;
        return true;
      case immediates.BYTE:
        position++;
        return true;
      case immediates.BYTES_4:
        position += 4;
        return true;
      case immediates.BYTES_8:
        position += 8;
        return true;
      case immediates.BYTES_16:
        position += 16;
        return true;
      default:
        return false;
    }
  };

  openRegion();
  while (position < end) {
    const at = position;
    const opcode = bytes[position++] ?? 0;
    instructions++;
    if (step(immediates.CORE_IMMEDIATES[opcode] ?? immediates.UNKNOWN)) continue;
    switch (opcode) {
      case 0x02: // block
      case 0x04: // if
      case 0x06: // try
        skipBlockType();
        blocks.push(false);
        break;
      case 0x03: // loop
        skipBlockType();
        blocks.push(true);
        openRegion();
        break;
      case 0x1f: // try_table
        skipBlockType();
        for (let clauses = leb(); clauses > 0 && position < end; clauses--) {
          const kind = bytes[position++] ?? 0;
          if (kind < 2) skipLeb();
          skipLeb();
        }
        blocks.push(false);
        break;
      case 0x18: // delegate ends its try
        skipLeb();
        blocks.pop();
        break;
      case 0x0b: {
        // end
        const loop = blocks.pop();
        if (loop !== false) closeRegion();
        if (loop === undefined) return position;
        break;
      }
      case 0x0e: // br_table
        for (let targets = leb() + 1; targets > 0 && position < end; targets--) skipLeb();
        break;
      case 0x0f: // return
        edits.add(RETURN, at, position, blocks.length);
        break;
      case 0x10: // call
      case 0x12: // return_call
      case 0x13: // return_call_indirect
      case 0x15: // return_call_ref
        if (opcode > 0x10) edits.add(TAIL_CALL, at, at, 0);
        if (opcode < 0x13) calls.call(leb(), charges.at(-1) ?? 0);
        else skipLeb();
        if (opcode === 0x13) skipLeb();
        break;
      case 0xd2: // ref.func
        calls.enterable(leb());
        break;
      case 0x1c: // select with types
        for (let types = leb(); types > 0 && position < end; types--) skipBlockType();
        break;
      case 0x23: // global.get
      case 0x24: {
        // global.set
        const index = leb();
        if (index >= context.importedGlobals) {
          edits.add(GLOBAL_INDEX, at + 1, position, index + context.globalShift);
        }
        break;
      }
      case 0x26: // table.set
        skipLeb();
        hazards.tableWrites++;
        break;
      case 0x40: {
        // memory.grow: the helper grows within the budget, and counts refusals
        const memory = leb();
        edits.add(CALL, at, position, helpers.grow(memory, context.memories64[memory] === true));
        break;
      }
      case 0xfb:
        scanGc(at);
        break;
      case 0xfc:
        scanMisc(at);
        break;
      case 0xfd: {
        const code = leb();
        if (!step(immediates.SIMD_IMMEDIATES[code] ?? immediates.UNKNOWN)) throw unsupported(at, 0xfd, code);
        break;
      }
      case 0xfe: {
        const code = leb();
        if (!step(immediates.ATOMIC_IMMEDIATES[code] ?? immediates.UNKNOWN))
          throw unsupported(at, 0xfe, code);
        break;
      }
      default:
        throw unsupported(at, opcode);
    }
  }
  throw malformed(position, "expression without end");

  function scanGc(at: number): void {
    const code = leb();
    if (step(immediates.GC_IMMEDIATES[code] ?? immediates.UNKNOWN)) return;
    switch (code) {
      case 5: // struct.set
        skipLeb();
        skipLeb();
        hazards.heapWrites++;
        return;
      case 14: // array.set
        skipLeb();
        hazards.heapWrites++;
        return;
      case 6: // array.new
      case 7: // array.new_default
        // A constant expression cannot call, so nothing would bound it there.
        if (!charged) throw unsupported(at, 0xfb, code);
        skipLeb();
        edits.add(CALL, at, at, helpers.newArray());
        return;
      case 9: // array.new_data
      case 10: // array.new_elem
        skipLeb();
        skipLeb();
        edits.add(CALL, at, at, helpers.newArray());
        return;
      case 16: // array.fill
        skipLeb();
        hazards.heapWrites++;
        edits.add(CALL, at, at, helpers.chargeElements(false));
        return;
      case 17: // array.copy
      case 18: // array.init_data
      case 19: // array.init_elem
        skipLeb();
        skipLeb();
        hazards.heapWrites++;
        edits.add(CALL, at, at, helpers.chargeElements(false));
        return;
      case 24: // br_on_cast
      case 25: // br_on_cast_fail
        position++;
        skipLeb();
        skipLeb();
        skipLeb();
        return;
      default:
        throw unsupported(at, 0xfb, code);
    }
  }

  function scanMisc(at: number): void {
    const code = leb();
    if (step(immediates.MISC_IMMEDIATES[code] ?? immediates.UNKNOWN)) return;
    switch (code) {
      case 8: // memory.init: its length is always i32
        skipLeb();
        skipLeb();
        edits.add(CALL, at, at, helpers.chargeBytes(false));
        return;
      case 9: // data.drop
      case 13: // elem.drop
        skipLeb();
        hazards.segmentDrops++;
        return;
      case 10: {
        // memory.copy: the length has the smaller of the two index types
        const target = leb();
        const source = leb();
        const wide = context.memories64[target] === true && context.memories64[source] === true;
        edits.add(CALL, at, at, helpers.chargeBytes(wide));
        return;
      }
      case 11: // memory.fill
        edits.add(CALL, at, at, helpers.chargeBytes(context.memories64[leb()] === true));
        return;
      case 12: // table.init
        skipLeb();
        skipLeb();
        hazards.tableWrites++;
        edits.add(CALL, at, at, helpers.chargeElements(false));
        return;
      case 14: {
        // table.copy
        const target = leb();
        const source = leb();
        const wide = context.tables64[target] === true && context.tables64[source] === true;
        hazards.tableWrites++;
        edits.add(CALL, at, at, helpers.chargeElements(wide));
        return;
      }
      case 15: {
        // table.grow: reserved before, noted after when it failed
        const wide = context.tables64[leb()] === true;
        hazards.tableWrites++;
        edits.add(CALL, at, at, helpers.reserveElements(wide));
        edits.add(CALL, position, position, helpers.noteRefusal(wide));
        return;
      }
      case 17: // table.fill
        hazards.tableWrites++;
        edits.add(CALL, at, at, helpers.chargeElements(context.tables64[leb()] === true));
        return;
      default:
        throw unsupported(at, 0xfc, code);
    }
  }
}
