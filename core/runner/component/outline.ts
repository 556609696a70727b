import { Buffer } from "node:buffer";
import { BinaryReader, BinaryWriter, SECTION } from "../metering/index.ts";

/** Version and layer of a component, after the magic number. */
const COMPONENT_HEADER = [0x00, 0x61, 0x73, 0x6d, 0x0d, 0x00, 0x01, 0x00] as const;
const HEADER_BYTES = COMPONENT_HEADER.length;
const COMPONENT_SECTION = { module: 1, component: 4 } as const;

/** No locals, `unreachable`, `end`: of any type. */
const STUB = [0x03, 0x00, 0x00, 0x0b] as const;
/** Makes modules that differ in their code alone differ without it. */
const MARK = "workbench:outline";

export interface Outline {
  readonly component: Uint8Array;
  /** The module in whose place the outline has this one; modules that are none of the component's are themselves. */
  original(module: Uint8Array): Uint8Array;
}

/**
 * A component without the bodies of its core modules' functions. The generator reads nothing of them but whether they
 * are valid, which the engine is asked before the modules are rewritten; for a module of 12 MB that took the generator
 * longer than everything else.
 *
 * The bytes are untrusted. What cannot be read is left as it is, for the generator to refuse.
 */
export function outlineOf(component: Uint8Array): Outline {
  const modules: { readonly whole: Uint8Array; readonly outlined: Uint8Array }[] = [];

  const writer = new BinaryWriter(component.length);

  /** One writer for all levels: a copy of what lies within at each would make work and memory of their product. */
  function outlineComponent(reader: BinaryReader): void {
    writer.append(COMPONENT_HEADER);
    if (COMPONENT_HEADER.some((byte) => reader.u8() !== byte)) throw new TypeError("not a component");
    while (!reader.done) {
      const id = reader.u8();
      const content = reader.slice(reader.u32());
      const start = content.position;
      if (id === COMPONENT_SECTION.module) {
        const whole = reader.bytes.subarray(start, content.end);
        const outlined = outlineModule(content, modules.length);
        modules.push({ whole, outlined });
        writer.u8(id).u32(outlined.length).append(outlined);
      } else if (id === COMPONENT_SECTION.component) {
        writer.u8(id).sized(() => outlineComponent(content));
      } else {
        writer
          .u8(id)
          .u32(content.end - start)
          .copy(reader.bytes, start, content.end);
      }
    }
  }

  try {
    outlineComponent(new BinaryReader(component));
    return {
      component: writer.view(),
      original: (module) => modules.find((known) => areEqual(known.outlined, module))?.whole ?? module,
    };
  } catch {
    return { component, original: (module) => module };
  }
}

function outlineModule(reader: BinaryReader, index: number): Uint8Array {
  const writer = new BinaryWriter().copy(reader.bytes, reader.position, reader.position + HEADER_BYTES);
  reader.skip(HEADER_BYTES);
  while (!reader.done) {
    const id = reader.u8();
    const content = reader.slice(reader.u32());
    if (id === SECTION.custom) continue;
    const { position: start, end } = content;
    if (id === SECTION.code) {
      const bodies = stubs(content);
      writer.u8(id).u32(bodies.length).appendWriter(bodies);
    } else {
      writer
        .u8(id)
        .u32(end - start)
        .copy(content.bytes, start, end);
    }
  }
  const mark = new BinaryWriter().name(MARK).u32(index);
  return writer.u8(SECTION.custom).u32(mark.length).appendWriter(mark).view();
}

/** As many bodies as there are, each of the size that it says. */
function stubs(content: BinaryReader): BinaryWriter {
  const count = content.u32();
  const writer = new BinaryWriter().u32(count);
  for (let body = 0; body < count; body++) {
    content.skip(content.u32());
    writer.append(STUB);
  }
  content.expectDone("code");
  return writer;
}

function areEqual(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && Buffer.compare(one, other) === 0;
}
