import { type BinaryReader, malformed } from "./binary-reader.ts";
import { BinaryWriter } from "./binary-writer.ts";
import { CHARGE, ENTRY_CHARGE, NO_CHARGE } from "./edit-list.ts";
import { MeteringError } from "./errors.ts";
import { scanExpression } from "./expression-scanner.ts";
import { writeEdited } from "./rewriting.ts";
import type { ScanContext } from "./scan-context.ts";

/** The engine refuses larger bodies, and so must not be handed one. */
const MAX_FUNCTION_BYTES = 7_654_321;

/** An entry or an iteration costs one unit more for each so many instructions that it may run through. */
const INSTRUCTIONS_PER_EXTRA_FUEL = 16_384;
/** The same for those of the functions called that are not charged themselves: of them it runs a few, never all. */
const CARRIED_PER_EXTRA_FUEL = 262_144;

/** A function's body as it stands in the module, and its edits. */
interface Body {
  readonly start: number;
  readonly end: number;
  readonly edits: { readonly from: number; readonly to: number };
}

/**
 * The code section: every body charged, then the helper functions that the bodies came to need. All of it is read first, as
 * what a function is charged for depends on all that it calls.
 */
export function writeCode(
  context: ScanContext,
  reader: BinaryReader | undefined,
  writer: BinaryWriter,
): void {
  const size = reader === undefined ? 0 : reader.end - reader.position;
  const bodies = reader === undefined ? [] : readBodies(context, reader);
  setCharges(context, bodies);
  const code = new BinaryWriter(size * 2 + 64);
  const written = new BinaryWriter(64 * 1024);
  for (const body of bodies) {
    writeBody(context, body, written.reset());
    code.u32(written.length).appendWriter(written);
  }
  for (const { code: helper } of context.helpers.all) code.u32(helper.length).append(helper);
  writer.u32(bodies.length + context.helpers.count).appendWriter(code);
}

function readBodies(context: ScanContext, reader: BinaryReader): Body[] {
  const { edits } = context;
  const bodies: Body[] = [];
  edits.clear();
  for (let left = reader.u32(); left > 0; left--) {
    const source = reader.slice(reader.u32());
    const start = source.position;
    skipLocals(source);
    const from = edits.length;
    const end = scanExpression(context, source.position, source.end, true);
    if (end !== source.end) throw malformed(end, "function body has bytes left over");
    bodies.push({ start, end, edits: { from, to: edits.length } });
  }
  reader.expectDone("the code section");
  return bodies;
}

function skipLocals(source: BinaryReader): void {
  for (let groups = source.u32(); groups > 0; groups--) {
    source.skipLeb();
    const type = source.u8();
    if (type === 0x63 || type === 0x64) source.skipLeb();
  }
}

/** From the instructions of each region to what it costs; nothing at an entry that need not be charged. */
function setCharges({ calls, edits }: ScanContext, bodies: readonly Body[]): void {
  const carried = calls.settle(edits.values);
  for (const [position, { edits: range }] of bodies.entries()) {
    for (let index = range.from; index < range.to; index++) {
      const kind = edits.kinds[index];
      if (kind === ENTRY_CHARGE && !calls.isCharged(position)) edits.kinds[index] = NO_CHARGE;
      else if (kind === CHARGE || kind === ENTRY_CHARGE)
        edits.values[index] =
          1 +
          Math.floor((edits.values[index] ?? 0) / INSTRUCTIONS_PER_EXTRA_FUEL) +
          Math.floor((carried[index] ?? 0) / CARRIED_PER_EXTRA_FUEL);
    }
  }
}

function writeBody(context: ScanContext, { start, end, edits }: Body, written: BinaryWriter): void {
  writeEdited(written, context.bytes, start, end, context.edits, context.helpers.targets, edits);
  if (written.length <= MAX_FUNCTION_BYTES) return;
  throw new MeteringError({
    code: "module_too_large",
    message: "A function of the module is too large to be metered.",
    details: {
      offset: start,
      expected: `at most ${MAX_FUNCTION_BYTES} bytes`,
      actual: `${written.length} bytes`,
    },
  });
}
