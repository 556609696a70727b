import { readFileSync } from "node:fs";
import { encoded, importsOf } from "./module-imports.ts";
import { concat, readSections, SECTION, SectionReader, text, u32, writeModule } from "./wasm-sections.ts";

/**
 * The QuickJS toolchain initialises its runtime with the machine's clock and entropy, and both end up in the
 * component: seeds, and the order of hash tables. Two builds of one source then differ.
 *
 * The toolchain accepts a runtime of one's own. This is its own synchronous runtime, cut out of the native addon that
 * embeds it, with three imports pointed at functions of the same type that answer a constant: `resolution` of a
 * clock in place of `now`, and in place of the entropy that seeds hash tables. `renameClockCalls` points the finished
 * component back at the real clock.
 */
export const CLOCK_NOW = "now";
export const CLOCK_CONSTANT = "resolution";
const CLOCKS = "wasi:clocks/";
const WALL_CLOCK = "wasi:clocks/wall-clock@";
const ENTROPY = /^wasi:random\/insecure-seed@/;

const MAGIC = Buffer.from([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]);
const LAST_SECTION_ID = 13;
/** Only the asynchronous variants import the component model's task functions. */
const ASYNC_IMPORT = "[waitable-set-new]";

/** The runtime made from the addon in `file`; `undefined` when none is found in it. */
export function reproducibleRuntime(file: string): Uint8Array | undefined {
  let chosen: Uint8Array | undefined;
  for (const module of embeddedModules(readFileSync(file))) {
    const imports = importsOf(module);
    const synchronous = imports.every(({ name }) => name !== ASYNC_IMPORT);
    const isRuntime = imports.some(({ module: from }) => from.startsWith("local:init/"));
    if (isRuntime && synchronous && module.length > (chosen?.length ?? 0)) chosen = module;
  }
  return chosen && withConstantClocks(chosen);
}

function withConstantClocks(module: Uint8Array): Uint8Array {
  const rewritten = importsOf(module).map((entry) => {
    // The entropy's own version of the clock's package: the same import may not be declared twice.
    if (ENTROPY.test(entry.module)) {
      return { ...entry, module: entry.module.replace(ENTROPY, WALL_CLOCK), name: CLOCK_CONSTANT };
    }
    if (entry.module.startsWith(CLOCKS) && entry.name === CLOCK_NOW)
      return { ...entry, name: CLOCK_CONSTANT };
    return entry;
  });
  const body = concat([u32(rewritten.length), ...rewritten.map(encoded)]);
  return writeModule(
    readSections(module).map((section) =>
      section.id === SECTION.import ? { id: section.id, body } : section,
    ),
  );
}

/** Every position in `file` that starts a well-formed core module with an import section. */
function* embeddedModules(file: Uint8Array & Buffer): Generator<Uint8Array> {
  for (let start = file.indexOf(MAGIC); start >= 0; start = file.indexOf(MAGIC, start + 1)) {
    const end = endOfModule(file, start);
    if (end === undefined) continue;
    const module = new Uint8Array(file.buffer, file.byteOffset + start, end - start);
    if (isWellFormed(module)) yield module;
  }
}

/** Walks sections until something is none: what follows an embedded module is arbitrary. */
function endOfModule(file: Uint8Array, start: number): number | undefined {
  let end = start + MAGIC.length;
  let previous = 0;
  for (;;) {
    try {
      const reader = new SectionReader(file, end);
      const id = reader.byte();
      const body = new SectionReader(reader.take(reader.u32()));
      // Non-custom sections stand in a fixed order, data count (12) before code; a custom one starts with a name.
      const order = id === SECTION.dataCount ? 9.5 : id;
      if (id > LAST_SECTION_ID || (id !== SECTION.custom && order <= previous)) break;
      if (id === SECTION.custom && !/^[\x20-\x7e]+$/.test(text(body))) break;
      if (id !== SECTION.custom) previous = order;
      end = reader.position;
    } catch {
      break;
    }
  }
  return previous === 0 ? undefined : end;
}

function isWellFormed(module: Uint8Array): boolean {
  try {
    return importsOf(module).length > 0;
  } catch {
    return false;
  }
}
