import { type BinaryReader, malformed } from "./binary-reader.ts";
import { BinaryWriter } from "./binary-writer.ts";
import { MeteringError } from "./errors.ts";
import { scanExpression } from "./expression-scanner.ts";
import { writeEdited } from "./rewriting.ts";
import type { ScanContext } from "./scan-context.ts";

/** The engine refuses larger bodies, and so must not be handed one. */
const MAX_FUNCTION_BYTES = 7_654_321;

/** The code section: every body charged, then the helper functions that the bodies came to need. */
export function writeCode(
  context: ScanContext,
  reader: BinaryReader | undefined,
  writer: BinaryWriter,
): void {
  const bodies = new BinaryWriter((reader === undefined ? 0 : reader.end - reader.position) * 2 + 64);
  const body = new BinaryWriter(64 * 1024);
  const count = reader?.u32() ?? 0;
  for (let i = 0; reader !== undefined && i < count; i++) {
    const source = reader.slice(reader.u32());
    writeBody(context, source, body.reset());
    bodies.u32(body.length).appendWriter(body);
  }
  reader?.expectDone("the code section");
  for (const { code } of context.helpers.all) bodies.u32(code.length).append(code);
  writer.u32(count + context.helpers.count).appendWriter(bodies);
}

function writeBody(context: ScanContext, source: BinaryReader, body: BinaryWriter): void {
  const start = source.position;
  const groups = source.u32();
  for (let i = 0; i < groups; i++) {
    source.skipLeb();
    const type = source.u8();
    if (type === 0x63 || type === 0x64) source.skipLeb();
  }
  context.edits.clear();
  const end = scanExpression(context, source.position, source.end, true);
  if (end !== source.end) throw malformed(end, "function body has bytes left over");
  writeEdited(body, source.bytes, start, end, context.edits, context.helpers.targets);
  if (body.length <= MAX_FUNCTION_BYTES) return;
  throw new MeteringError({
    code: "module_too_large",
    message: "A function of the module is too large to be metered.",
    details: {
      offset: start,
      expected: `at most ${MAX_FUNCTION_BYTES} bytes`,
      actual: `${body.length} bytes`,
    },
  });
}
