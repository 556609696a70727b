import { BinaryReader, malformed } from "./binary-reader.ts";
import { BinaryWriter } from "./binary-writer.ts";
import type { Advance } from "./charge.ts";
import { CHARGE, ENTRY_CHARGE, NO_CHARGE } from "./edit-list.ts";
import { MeteringError } from "./errors.ts";
import { scanExpression } from "./expression-scanner.ts";
import { type EditRange, writeEdited } from "./rewriting.ts";
import type { ScanContext } from "./scan-context.ts";

/** The engine refuses larger bodies, and so must not be handed one. */
const MAX_FUNCTION_BYTES = 7_654_321;
/** Likewise a function with more locals, its parameters among them. */
const MAX_LOCALS = 50_000;

const I32 = 0x7f;

/** An entry or an iteration costs one unit more for each so many instructions that it may run through. */
const INSTRUCTIONS_PER_EXTRA_FUEL = 16_384;
/** The same for those of the functions called that are not charged themselves: of them it runs a few, never all. */
const CARRIED_PER_EXTRA_FUEL = 262_144;

/** A function's body as it stands in the module, and its edits. */
interface Body {
  readonly start: number;
  readonly end: number;
  readonly edits: EditRange;
  /** Has a loop so long that its turns draw on an advance. */
  readonly isLong: boolean;
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
  for (const [position, body] of bodies.entries()) {
    writeBody(context, body, advanceOf(context, body, position), written.reset());
    code.u32(written.length).appendWriter(written);
  }
  for (const { code: helper } of context.helpers.all) code.u32(helper.length).append(helper);
  writer.u32(bodies.length + context.helpers.count).appendWriter(code);
}

function readBodies(context: ScanContext, reader: BinaryReader): Body[] {
  const { calls, edits } = context;
  const bodies: Body[] = [];
  edits.clear();
  for (let left = reader.u32(); left > 0; left--) {
    const source = reader.slice(reader.u32());
    const start = source.position;
    skipLocals(source);
    const from = edits.length;
    calls.begin(from); // its charge is the first edit
    const end = scanExpression(context, source.position, source.end, true);
    if (end !== source.end) throw malformed(end, "function body has bytes left over");
    const range = { from, to: edits.length };
    bodies.push({ start, end, edits: range, isLong: hasLongLoop(context, range) });
  }
  reader.expectDone("the code section");
  return bodies;
}

function hasLongLoop({ edits, longLoop }: ScanContext, { from, to }: EditRange): boolean {
  for (let index = from; index < to; index++) {
    if (edits.kinds[index] === CHARGE && (edits.values[index] ?? 0) >= longLoop) return true;
  }
  return false;
}

/** How many there are, parameters excepted. */
function skipLocals(source: BinaryReader): number {
  let locals = 0;
  for (let groups = source.u32(); groups > 0; groups--) {
    locals += source.u32();
    const type = source.u8();
    if (type === 0x63 || type === 0x64) source.skipLeb();
  }
  return locals;
}

/** The local that counts advance: one more than the function has. */
function advanceOf(context: ScanContext, body: Body, position: number): Advance | undefined {
  if (!body.isLong) return undefined;
  const { parameters, blockType } = context.signatures[position] ?? { parameters: 0, blockType: undefined };
  const local = parameters + skipLocals(new BinaryReader(context.bytes, body.start, body.end));
  return blockType === undefined || local >= MAX_LOCALS ? undefined : { local, blockType };
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

function writeBody(
  context: ScanContext,
  { start, end, edits }: Body,
  advance: Advance | undefined,
  written: BinaryWriter,
): void {
  const from = advance === undefined ? start : writeLocals(context, start, end, written);
  writeEdited(written, context.bytes, from, end, context.edits, context.helpers.targets, edits, advance);
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

/** The locals of a body, and one i32 more. Answers where they end. */
function writeLocals({ bytes }: ScanContext, start: number, end: number, written: BinaryWriter): number {
  const source = new BinaryReader(bytes, start, end);
  written.u32(source.u32() + 1);
  const first = source.position;
  source.position = start;
  skipLocals(source);
  written.copy(bytes, first, source.position).append([1, I32]);
  return source.position;
}
