import { type BinaryReader, malformed } from "./binary-reader.ts";
import type { BinaryWriter } from "./binary-writer.ts";
import { scanExpression } from "./expression-scanner.ts";
import { writeEdited } from "./rewriting.ts";
import type { ScanContext } from "./scan-context.ts";
import { readValueType } from "./types.ts";

/** Copies the element section; constant expressions may name globals, whose indices move. */
export function writeElements(context: ScanContext, reader: BinaryReader, writer: BinaryWriter): void {
  rewriteConstants(context, reader, writer, () => {
    const flags = reader.u32();
    if (flags > 7) throw malformed(reader.position, "unknown element segment kind");
    const active = (flags & 1) === 0;
    const expressions = (flags & 4) !== 0;
    if (active && (flags & 2) !== 0) reader.u32();
    if (active) skipConstant(context, reader);
    if ((flags & 3) !== 0) {
      if (expressions) readValueType(reader);
      else reader.u8();
    }
    const count = reader.u32();
    for (let i = 0; i < count; i++) {
      if (expressions) skipConstant(context, reader);
      else context.calls.enterable(reader.u32());
    }
  });
}

/** Copies the data section, likewise. */
export function writeData(context: ScanContext, reader: BinaryReader, writer: BinaryWriter): void {
  rewriteConstants(context, reader, writer, () => {
    const flags = reader.u32();
    if (flags > 2) throw malformed(reader.position, "unknown data segment kind");
    if (flags === 2) reader.u32();
    if (flags !== 1) skipConstant(context, reader);
    reader.skip(reader.u32());
  });
}

/** Steps over a constant expression, noting its edits. */
export function skipConstant(context: ScanContext, reader: BinaryReader): void {
  reader.position = scanExpression(context, reader.position, reader.end, false);
  if (reader.position > reader.end) throw malformed(reader.end, "unexpected end");
}

function rewriteConstants(
  context: ScanContext,
  reader: BinaryReader,
  writer: BinaryWriter,
  skipSegment: () => void,
): void {
  const start = reader.position;
  const count = reader.u32();
  context.edits.clear();
  for (let i = 0; i < count; i++) skipSegment();
  reader.expectDone("a segment section");
  writeEdited(writer, reader.bytes, start, reader.end, context.edits, context.helpers.targets);
}
