import type { BinaryReader } from "./binary-reader.ts";
import type { BinaryWriter } from "./binary-writer.ts";

const MODULE_NAME = 0;
const FUNCTION_NAMES = 1;

/**
 * Keeps the module's and the functions' names, so that a trap's stack says where it happened: function indices do
 * not move. Other names (of globals, say) would no longer fit and are dropped. A damaged section is dropped whole.
 */
export function writeFunctionNames(reader: BinaryReader, writer: BinaryWriter): void {
  try {
    const kept: BinaryReader[] = [];
    const ids: number[] = [];
    while (!reader.done) {
      const id = reader.u8();
      const content = reader.slice(reader.u32());
      if (id !== MODULE_NAME && id !== FUNCTION_NAMES) continue;
      ids.push(id);
      kept.push(content);
    }
    writer.name("name");
    for (const [index, content] of kept.entries()) {
      writer.u8(ids[index] ?? 0).u32(content.end - content.position);
      writer.copy(content.bytes, content.position, content.end);
    }
  } catch {
    writer.reset();
  }
}
